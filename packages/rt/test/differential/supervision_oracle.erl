%% Runs scripts on Erlang's own supervisor. Reads one script a line from standard input, as a term, and writes what happened as a line:
%% the start, then each step, as result;events;state, separated by " / ". See script.ts for what a script is.
-module(supervision_oracle).
-behaviour(supervisor).
-export([main/0, init/1, start_worker/1, start_dynamic_worker/2, start_supervisor/2, worker/1]).

-define(PERIOD_S, 3600).
-define(PATIENCE_MS, 10000).

main() ->
    logger:set_primary_config(level, none),
    process_flag(trap_exit, true),
    ets:new(log, [named_table, public, ordered_set]),
    ets:new(failing, [named_table, public]),
    ets:new(paths, [named_table, public]),
    ets:new(supervisors, [named_table, public]),
    serve().

serve() ->
    case io:get_line('') of
        eof ->
            halt(0);
        Line ->
            {ok, Tokens, _} = erl_scan:string(Line),
            {ok, Script} = erl_parse:parse_term(Tokens),
            io:put_chars([lists:join(" / ", run(Script)), $\n]),
            serve()
    end.

run({Spec, Failing, Steps}) ->
    [ets:delete_all_objects(Table) || Table <- [log, failing, paths, supervisors]],
    [ets:insert(failing, Entry) || Entry <- Failing],
    Id = element(2, Spec),
    case start_supervisor([Id], Spec) of
        {ok, Root} ->
            First = report("ok", Id, Root),
            Rest = [report(perform(Step, Root), Id, Root) || Step <- Steps],
            finish(Root),
            [First | Rest];
        {error, _} ->
            flush(),
            [["failed;", events(), ";none"]]
    end.

finish(Root) ->
    case is_process_alive(Root) of
        true -> gen_server:stop(Root, shutdown, infinity);
        false -> ok
    end,
    flush().

flush() ->
    receive {'EXIT', _, _} -> flush() after 0 -> ok end.

report(Result, Id, Root) ->
    State = settle(Id, Root, erlang:monotonic_time(millisecond) + ?PATIENCE_MS),
    [Result, ";", events(), ";", State].

events() ->
    Events = [Event || {_, Event} <- ets:tab2list(log)],
    ets:delete_all_objects(log),
    lists:join(" ", Events).

log(Mark, Path) ->
    ets:insert(log, {erlang:unique_integer([monotonic]), [Mark, text(Path)]}).

text(Path) ->
    lists:join(".", [atom_to_list(Id) || Id <- Path]).

%% Steps

perform({leave, Path, Reason}, Root) ->
    depart(Path, Root, fun(Pid) -> Pid ! {leave, Reason} end);
perform({kill, Path}, Root) ->
    depart(Path, Root, fun(Pid) -> exit(Pid, kill) end);
perform({fail, Path, Times}, _Root) ->
    ets:insert(failing, {Path, Times}),
    "ok";
perform({stop, Path}, Root) ->
    with_supervisor(Path, Root, fun(Pid) -> gen_server:stop(Pid, shutdown, infinity) end);
perform({terminate, Path, Id}, Root) ->
    with_static(Path, Root, fun(Pid) -> supervisor:terminate_child(Pid, Id) end);
perform({restart, Path, Id}, Root) ->
    with_static(Path, Root, fun(Pid) -> supervisor:restart_child(Pid, Id) end);
perform({delete, Path, Id}, Root) ->
    with_static(Path, Root, fun(Pid) -> supervisor:delete_child(Pid, Id) end);
perform({start, Path, Spec}, Root) ->
    with_static(Path, Root, fun(Pid) -> supervisor:start_child(Pid, child_spec(Path, Spec)) end);
perform({start_dynamic, Path, Id}, Root) ->
    with_dynamic(Path, Root, fun(Pid) ->
        case find(Pid, Id) of
            undefined -> supervisor:start_child(Pid, [Id]);
            _ -> {error, already_present}
        end
    end);
perform({terminate_dynamic, Path, Id}, Root) ->
    with_dynamic(Path, Root, fun(Pid) ->
        case find(Pid, Id) of
            undefined -> {error, not_found};
            Child -> supervisor:terminate_child(Pid, Child)
        end
    end).

with_supervisor(Path, Root, Act) ->
    with([static, dynamic], Path, Root, Act).

with_static(Path, Root, Act) ->
    with([static], Path, Root, Act).

with_dynamic(Path, Root, Act) ->
    with([dynamic], Path, Root, Act).

with(Kinds, Path, Root, Act) ->
    Pid = resolve(Path, Root),
    case [Kind || {_, Kind} <- ets:lookup(supervisors, Pid), lists:member(Kind, Kinds)] of
        [] ->
            "gone";
        [_] ->
            try Act(Pid) of
                ok -> "ok";
                {ok, _} -> "ok";
                {error, not_found} -> "unknown";
                {error, running} -> "running";
                {error, {already_started, _}} -> "exists";
                {error, already_present} -> "exists";
                {error, _} -> "failed"
            catch
                exit:_ -> "gone"
            end
    end.

depart(Path, Root, Act) ->
    Pid = resolve(Path, Root),
    case is_worker(Pid) of
        false ->
            "none";
        true ->
            Monitor = monitor(process, Pid),
            Act(Pid),
            receive {'DOWN', Monitor, process, Pid, _} -> "ok" end
    end.

is_worker(Pid) ->
    ets:member(paths, Pid).

resolve([_Root], Pid) ->
    case is_process_alive(Pid) of
        true -> Pid;
        false -> undefined
    end;
resolve([_Root, Id | Rest], Pid) ->
    case is_process_alive(Pid) andalso not is_worker(Pid) andalso find(Pid, Id) of
        Child when is_pid(Child) -> resolve([Id | Rest], Child);
        _ -> undefined
    end.

find(Supervisor, Id) ->
    Found = [Pid || {ChildId, Pid, _, _} <- supervisor:which_children(Supervisor),
                    is_pid(Pid), id_of(ChildId, Pid) =:= Id],
    case Found of
        [Pid] -> Pid;
        [] -> undefined
    end.

%% A dynamic child has no id of its own in OTP.
id_of(undefined, Pid) ->
    case ets:lookup(paths, Pid) of
        [{Pid, Path}] -> lists:last(Path);
        [] -> undefined
    end;
id_of(Id, _Pid) ->
    Id.

%% The state of the tree, when every supervisor has dealt with whatever happened

settle(Id, Root, Deadline) ->
    case is_process_alive(Root) of
        false ->
            receive {'EXIT', Root, Reason} -> self() ! {'EXIT', Root, Reason}, ["ended ", atom_to_list(Reason)] end;
        true ->
            case catch walk(Id, Root) of
                {tree, Text} ->
                    Text;
                _ ->
                    case erlang:monotonic_time(millisecond) > Deadline of
                        true -> "stuck";
                        false -> erlang:yield(), settle(Id, Root, Deadline)
                    end
            end
    end.

walk(Id, Supervisor) ->
    Children = lists:reverse(supervisor:which_children(Supervisor)),
    Texts = [walk_child(Child) || Child <- Children],
    Ordered = case Children of
        [{undefined, _, _, _} | _] -> lists:sort(Texts);
        _ -> Texts
    end,
    {tree, lists:flatten([atom_to_list(Id), "(", lists:join(" ", Ordered), ")"])}.

walk_child({Id, undefined, _, _}) ->
    atom_to_list(Id) ++ ":down";
walk_child({Id, Pid, Type, _}) when is_pid(Pid) ->
    true = is_process_alive(Pid),
    case Type of
        worker ->
            atom_to_list(id_of(Id, Pid));
        supervisor ->
            {tree, Text} = walk(Id, Pid),
            Text
    end.

%% Supervisors and workers

start_supervisor(Path, Spec) ->
    supervisor:start_link(?MODULE, {Path, Spec}).

init({Path, {supervisor, _Id, Strategy, Intensity, AutoShutdown, _Restart, _Significant, Children}}) ->
    ets:insert(supervisors, {self(), static}),
    Flags = #{strategy => Strategy, intensity => Intensity, period => ?PERIOD_S, auto_shutdown => AutoShutdown},
    {ok, {Flags, [child_spec(Path, Child) || Child <- Children]}};
init({Path, {dynamic, _Id, Intensity, AutoShutdown, _Restart, _Significant, {Restart, Significant, Shutdown}}}) ->
    ets:insert(supervisors, {self(), dynamic}),
    Flags = #{strategy => simple_one_for_one, intensity => Intensity, period => ?PERIOD_S,
              auto_shutdown => AutoShutdown},
    {ok, {Flags, [#{id => child, start => {?MODULE, start_dynamic_worker, [Path]}, restart => Restart,
                    significant => Significant, shutdown => Shutdown}]}}.

child_spec(Path, {worker, Id, Restart, Significant, Shutdown}) ->
    #{id => Id, start => {?MODULE, start_worker, [Path ++ [Id]]}, restart => Restart, significant => Significant,
      shutdown => Shutdown};
child_spec(Path, {dynamic, Id, _, _, Restart, Significant, _} = Spec) ->
    supervisor_spec(Path ++ [Id], Id, Restart, Significant, Spec);
child_spec(Path, {supervisor, Id, _, _, _, Restart, Significant, _} = Spec) ->
    supervisor_spec(Path ++ [Id], Id, Restart, Significant, Spec).

supervisor_spec(Path, Id, Restart, Significant, Spec) ->
    #{id => Id, start => {?MODULE, start_supervisor, [Path, Spec]}, restart => Restart, significant => Significant,
      type => supervisor}.

start_dynamic_worker(Path, Id) ->
    start_worker(Path ++ [Id]).

start_worker(Path) ->
    case ets:lookup(failing, Path) of
        [{Path, Times}] when Times > 0 ->
            ets:insert(failing, {Path, Times - 1}),
            log("!", Path),
            {error, bad};
        _ ->
            proc_lib:start_link(?MODULE, worker, [Path])
    end.

worker(Path) ->
    process_flag(trap_exit, true),
    ets:insert(paths, {self(), Path}),
    log("+", Path),
    proc_lib:init_ack({ok, self()}),
    receive
        {leave, normal} -> ok;
        {leave, error} -> exit(bad);
        {leave, shutdown} -> exit(shutdown);
        {'EXIT', _, shutdown} -> log("-", Path), exit(shutdown);
        {'EXIT', _, Reason} -> exit(Reason)
    end.
