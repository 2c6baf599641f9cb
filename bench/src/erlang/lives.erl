%% Processes that come, go and crash: `spawn`, `spawn-stop`, `restart`, `restart-storm` and `heap`.
-module(lives).
-behaviour(supervisor).
-export([spawn_many/1, spawn_stop/1, restart/1, restart_storm/1, heap/1]).
-export([init/1, start_worker/1]).

-define(TOGETHER, 100).
-define(STORM, 1000).
-define(BATCH, 100).

spawn_many(N) ->
    bench:ready(),
    spawn_ready(N).

spawn_ready(N) ->
    Tally = tally:new(),
    tally:expect(Tally, N),
    Pids = [spawn_one(Tally) || _ <- lists:seq(1, N)],
    tally:await(),
    {tally:total(Tally), fun() -> [exit(Pid, kill) || Pid <- Pids] end}.

spawn_one(Tally) ->
    Pid = spawn(fun() -> counting(Tally) end),
    Pid ! count,
    Pid.

counting(Tally) ->
    receive count -> tally:count(Tally) end,
    counting(Tally).

%% Some at a time; the next when all of these have stopped.
spawn_stop(N) ->
    Handled = tally:new(),
    Stopped = tally:new(),
    bench:ready(),
    generations(N, Handled, Stopped),
    min(tally:total(Handled), tally:total(Stopped)).

generations(0, _, _) ->
    ok;
generations(Left, Handled, Stopped) ->
    Size = min(Left, ?TOGETHER),
    tally:expect(Handled, Size),
    tally:expect(Stopped, Size),
    Pids = [spawn_mortal(Handled, Stopped) || _ <- lists:seq(1, Size)],
    tally:await(),
    [Pid ! stop || Pid <- Pids],
    tally:await(),
    generations(Left - Size, Handled, Stopped).

spawn_mortal(Handled, Stopped) ->
    Pid = spawn(fun() -> mortal(Handled, Stopped) end),
    Pid ! count,
    Pid.

mortal(Handled, Stopped) ->
    receive
        count ->
            tally:count(Handled),
            mortal(Handled, Stopped);
        %% Its last hook.
        stop ->
            tally:count(Stopped)
    end.

%% A message behind the crash would be lost with the process, so each incarnation is sent one when it says that it has started. An
%% OTP supervisor goes at each restart through those of the last second, the shortest period there is, however many it may forgive:
%% there is another one for every hundred, lest it be slowed down by a number of restarts that nobody has.
restart(N) ->
    Batches = [{supervise(1), Size} || Size <- batches(N)],
    bench:ready(),
    Handled = lists:sum([crash_one_by_one(Worker, Size, 0) || {{_, [Worker]}, Size} <- Batches]),
    {Handled, fun() -> end_all([Supervised || {Supervised, _} <- Batches]) end}.

batches(N) when N > ?BATCH -> [?BATCH | batches(N - ?BATCH)];
batches(N) -> [N].

crash_one_by_one(_, Size, Size) ->
    Size;
crash_one_by_one(Worker, Size, Handled) ->
    Worker ! crash,
    receive
        {started, Next} ->
            Next ! count,
            receive handled -> crash_one_by_one(Next, Size, Handled + 1) end
    end.

restart_storm(N) ->
    Supervisors = [supervise(?STORM) || _ <- lists:seq(1, N div ?STORM)],
    bench:ready(),
    {lists:sum([storm(Workers) || {_, Workers} <- Supervisors]), fun() -> end_all(Supervisors) end}.

storm(Workers) ->
    [Worker ! crash || Worker <- Workers],
    [receive {started, Pid} -> Pid ! count end || _ <- Workers],
    length([receive handled -> ok end || _ <- Workers]).

supervise(Children) ->
    {ok, Supervisor} = supervisor:start_link(?MODULE, self()),
    {Supervisor, [begin {ok, Pid} = supervisor:start_child(Supervisor, []), receive {started, Pid} -> Pid end end
        || _ <- lists:seq(1, Children)]}.

end_all(Supervisors) ->
    [end_it(Supervisor) || {Supervisor, _} <- Supervisors].

end_it(Supervisor) ->
    unlink(Supervisor),
    Monitor = monitor(process, Supervisor),
    exit(Supervisor, shutdown),
    receive {'DOWN', Monitor, process, Supervisor, _} -> ok end.

%% Of the strategies, the one that finds a child among a thousand the fastest.
init(Owner) ->
    Child = #{id => worker, start => {?MODULE, start_worker, [Owner]}, shutdown => brutal_kill},
    {ok, {#{strategy => simple_one_for_one, intensity => 100000, period => 1}, [Child]}}.

start_worker(Owner) ->
    Pid = spawn_link(fun() -> fragile(Owner) end),
    Owner ! {started, Pid},
    {ok, Pid}.

%% Counts one message and no more: an incarnation that kept its state would not.
fragile(Owner) ->
    receive
        crash -> error(crash);
        count -> Owner ! handled
    end,
    receive crash -> error(crash) end.

heap(N) ->
    %% The first have the code loaded.
    {_, Tidy} = spawn_ready(1000),
    Tidy(),
    Tally = tally:new(),
    tally:expect(Tally, N),
    garbage_collect(),
    Before = erlang:memory(total),
    Pids = spawn_linked(N, Tally, []),
    tally:await(),
    N = tally:total(Tally),
    garbage_collect(),
    After = erlang:memory(total),
    %% The list of them is not theirs.
    Own = length(Pids) * 2 * erlang:system_info(wordsize),
    [(After - Before - Own) / N].

spawn_linked(0, _, Pids) ->
    Pids;
spawn_linked(Left, Tally, Pids) ->
    spawn_linked(Left - 1, Tally, [spawn_one(Tally) | Pids]).
