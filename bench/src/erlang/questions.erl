%% `ask` and `ask-100`, with bare processes and with a gen_server; how long an answer takes, and a socket's echo, also while fifty
%% pairs of processes send to each other without rest.
-module(questions).
-export([ask/1, ask_otp/1, ask_together/1, latency/1, latency_saturated/1, saturated/1]).

-define(DEADLINE, 5000).
-define(TOGETHER, 100).
-define(PAIRS, 50).

ask(N) ->
    Clerk = spawn_link(fun() -> clerk(0) end),
    bench:ready(),
    in_turn(fun() -> question(Clerk) end, N, 0).

ask_otp(N) ->
    {ok, Clerk} = gen_server:start_link(clerk, none, []),
    bench:ready(),
    in_turn(fun() -> gen_server:call(Clerk, read, ?DEADLINE) end, N, 0).

%% Each reply is the number of questions answered so far.
in_turn(_, N, N) ->
    N;
in_turn(Ask, N, Answered) ->
    Next = Answered + 1,
    Next = Ask(),
    in_turn(Ask, N, Next).

ask_together(N) ->
    Owner = self(),
    Clerk = spawn_link(fun() -> clerk(0) end),
    Share = N div ?TOGETHER,
    Asker = fun() ->
        receive go -> ask_share(Clerk, Share) end,
        Owner ! asked
    end,
    Askers = [spawn_link(Asker) || _ <- lists:seq(1, ?TOGETHER)],
    bench:ready(),
    [One ! go || One <- Askers],
    [receive asked -> ok end || _ <- lists:seq(1, ?TOGETHER)],
    %% This question is not one of those that are counted.
    question(Clerk) - 1.

ask_share(_, 0) ->
    ok;
ask_share(Clerk, Left) ->
    question(Clerk),
    ask_share(Clerk, Left - 1).

question(Clerk) ->
    Ref = make_ref(),
    Clerk ! {read, self(), Ref},
    receive
        {Ref, Answered} -> Answered
    after ?DEADLINE -> exit(timeout)
    end.

clerk(Answered) ->
    receive {read, From, Ref} -> From ! {Ref, Answered + 1} end,
    clerk(Answered + 1).

latency(Ms) ->
    Clerk = spawn_link(fun() -> clerk(0) end),
    quantiles(latencies(Clerk, until(Ms), [])).

latency_saturated(Ms) ->
    Clerk = spawn_link(fun() -> clerk(0) end),
    start_pairs(),
    quantiles(latencies(Clerk, until(Ms), [])).

until(Ms) ->
    erlang:monotonic_time() + erlang:convert_time_unit(Ms, millisecond, native).

latencies(Clerk, EndsAt, All) ->
    Before = erlang:monotonic_time(),
    question(Clerk),
    Now = erlang:monotonic_time(),
    case Now < EndsAt of
        true -> latencies(Clerk, EndsAt, [Now - Before | All]);
        false -> [Now - Before | All]
    end.

%% In microseconds.
quantiles(All) ->
    Sorted = list_to_tuple(lists:sort(All)),
    [erlang:convert_time_unit(element(trunc(tuple_size(Sorted) * Share) + 1, Sorted), native, nanosecond) / 1000
        || Share <- [0.5, 0.99]].

start_pairs() ->
    Pairs = [spawn_pair() || _ <- lists:seq(1, ?PAIRS)],
    [One ! ball || {One, _} <- Pairs],
    Pairs.

spawn_pair() ->
    One = spawn_link(fun() -> receive {other, Other} -> player(Other, 0) end end),
    Other = spawn_link(fun() -> player(One, 0) end),
    One ! {other, Other},
    {One, Other}.

player(Other, Handled) ->
    receive
        ball ->
            Other ! ball,
            player(Other, Handled + 1);
        {stop, From} ->
            From ! {handled, Handled}
    end.

saturated(Ms) ->
    {ok, Listener} = gen_tcp:listen(0, [binary, {ip, {127, 0, 0, 1}}, {active, true}, {nodelay, true}]),
    {ok, Port} = inet:port(Listener),
    spawn_link(fun() ->
        {ok, Socket} = gen_tcp:accept(Listener),
        echo(Socket)
    end),
    io:format("~w~n", [Port]),
    "go\n" = io:get_line(""),
    Before = erlang:monotonic_time(nanosecond),
    Pairs = start_pairs(),
    receive after Ms -> ok end,
    Passed = erlang:monotonic_time(nanosecond) - Before,
    [Player ! {stop, self()} || {One, Other} <- Pairs, Player <- [One, Other]],
    Handled = lists:sum([receive {handled, Balls} -> Balls end || _ <- lists:seq(1, 2 * ?PAIRS)]),
    %% The socket is there until nobody reads from it any more.
    {[Passed / Handled], fun() -> "over\n" = io:get_line("") end}.

echo(Socket) ->
    receive
        {tcp, Socket, Data} ->
            gen_tcp:send(Socket, Data),
            echo(Socket);
        {tcp_closed, Socket} ->
            ok
    end.
