%% Messages that are only sent: `tell`, `backlog`, `ping-pong`, `thread-ring`, `fork-join` and `pub-sub`.
-module(messages).
-export([tell/1, tell_otp/1, backlog/1, ping_pong/1, thread_ring/1, fork_join/1, pub_sub/1]).

-define(BURST, 1000).
-define(MEMBERS, 100).
-define(WORKERS, 60).
-define(SUBSCRIBERS, 1000).
-define(EVENTS, 10).

tell(N) ->
    telling(N, ?BURST).

backlog(N) ->
    telling(N, N).

telling(N, Burst) ->
    Owner = self(),
    Counter = spawn_link(fun() -> counter(0, 0, Owner) end),
    Send = fun(Size) ->
        Counter ! {expect, Size},
        send(Counter, Size),
        receive counted -> ok end
    end,
    bench:ready(),
    bursts(N, Burst, Send),
    Counter ! total,
    receive {total, Total} -> Total end.

%% The state of the process is the count; nothing is shared.
counter(Handled, Expected, Owner) ->
    receive
        count when Handled + 1 =:= Expected ->
            Owner ! counted,
            counter(Handled + 1, Expected, Owner);
        count ->
            counter(Handled + 1, Expected, Owner);
        {expect, More} ->
            counter(Handled, Handled + More, Owner);
        total ->
            Owner ! {total, Handled},
            counter(Handled, Expected, Owner)
    end.

send(_, 0) ->
    ok;
send(To, Left) ->
    To ! count,
    send(To, Left - 1).

bursts(0, _, _) ->
    ok;
bursts(Left, Burst, Send) ->
    Size = min(Left, Burst),
    Send(Size),
    bursts(Left - Size, Burst, Send).

%% The counter is a gen_server, the messages are casts.
tell_otp(N) ->
    {ok, Clerk} = gen_server:start_link(clerk, none, []),
    bench:ready(),
    bursts(N, ?BURST, fun(Size) ->
        cast(Clerk, Size),
        %% Answered when all before it were handled.
        gen_server:call(Clerk, count)
    end),
    gen_server:call(Clerk, count).

cast(_, 0) ->
    ok;
cast(To, Left) ->
    gen_server:cast(To, count),
    cast(To, Left - 1).

ping_pong(N) ->
    Owner = self(),
    Ping = spawn_link(fun() ->
        receive {pong, Pong} -> ping(Pong, 0, N, Owner) end
    end),
    Pong = spawn_link(fun() -> pong(Ping) end),
    Ping ! {pong, Pong},
    bench:ready(),
    Pong ! ball,
    receive {played, Played} -> Played end.

pong(Ping) ->
    receive ball -> Ping ! ball end,
    pong(Ping).

ping(Pong, Played, N, Owner) ->
    receive ball -> ok end,
    case Played + 1 of
        N ->
            Owner ! {played, N};
        More ->
            Pong ! ball,
            ping(Pong, More, N, Owner)
    end.

%% The token carries how often it was passed on.
thread_ring(N) ->
    Owner = self(),
    Last = spawn_link(fun() ->
        receive {next, First} -> member(First, N, Owner) end
    end),
    First = lists:foldl(
        fun(_, Next) -> spawn_link(fun() -> member(Next, N, Owner) end) end,
        Last,
        lists:seq(2, ?MEMBERS)
    ),
    Last ! {next, First},
    bench:ready(),
    First ! {token, 0},
    receive {passed, Passed} -> Passed end.

member(Next, N, Owner) ->
    receive
        {token, Passed} when Passed + 1 =:= N -> Owner ! {passed, N};
        {token, Passed} -> Next ! {token, Passed + 1}
    end,
    member(Next, N, Owner).

fork_join(N) ->
    Owner = self(),
    Share = N div ?WORKERS,
    Workers = [spawn_link(fun() -> counter(0, Share, Owner) end) || _ <- lists:seq(1, ?WORKERS)],
    bench:ready(),
    fork(Workers, Share),
    [receive counted -> ok end || _ <- Workers],
    lists:sum([begin Worker ! total, receive {total, Total} -> Total end end || Worker <- Workers]).

fork(_, 0) ->
    ok;
fork(Workers, Left) ->
    [Worker ! count || Worker <- Workers],
    fork(Workers, Left - 1).

%% A process group of OTP, whose members get what is published.
pub_sub(N) ->
    {ok, Scope} = pg:start_link(news),
    Tally = tally:new(),
    [spawn_link(fun() -> pg:join(news, bench, self()), subscriber(Tally) end) || _ <- lists:seq(1, ?SUBSCRIBERS)],
    await_members(),
    bench:ready(),
    bursts(N, ?EVENTS * ?SUBSCRIBERS, fun(Deliveries) ->
        tally:expect(Tally, Deliveries),
        publish(Deliveries div ?SUBSCRIBERS),
        tally:await()
    end),
    {tally:total(Tally), fun() -> unlink(Scope), gen_server:stop(Scope) end}.

await_members() ->
    case length(pg:get_local_members(news, bench)) of
        ?SUBSCRIBERS -> ok;
        _ -> erlang:yield(), await_members()
    end.

publish(0) ->
    ok;
publish(Left) ->
    [Subscriber ! count || Subscriber <- pg:get_local_members(news, bench)],
    publish(Left - 1).

subscriber(Tally) ->
    receive count -> tally:count(Tally) end,
    subscriber(Tally).
