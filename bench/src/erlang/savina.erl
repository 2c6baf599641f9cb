%% Of the Savina suite: `chameneos`, `philosophers`, `big` and `banking`.
-module(savina).
-export([chameneos/1, philosophers/1, big/1, banking/1]).

-define(CHAMENEOS, 100).
-define(COLOURS, 3).
-define(PHILOSOPHERS, 20).
-define(ACTORS, 120).
-define(SOURCES, 800).
-define(DESTINATIONS, 200).
-define(LARGEST, 100).
-define(DEADLINE, 5000).

%% A hundred chameneos meet two by two at a mall, and tell at the end how often they did.

chameneos(N) ->
    Owner = self(),
    Mall = spawn_link(fun() -> mall(N, none, 0, 0, Owner) end),
    Chameneos = [spawn_link(fun() -> chameneo(Mall, Index rem ?COLOURS) end) || Index <- lists:seq(0, ?CHAMENEOS - 1)],
    bench:ready(),
    [Chameneo ! start || Chameneo <- Chameneos],
    receive {met, Times} -> Times end.

mall(Left, Waiting, Gone, Meetings, Owner) ->
    receive
        {meet, _, From} when Left =:= 0 ->
            From ! close,
            mall(Left, Waiting, Gone, Meetings, Owner);
        {meet, _, From} when Waiting =:= none ->
            mall(Left, From, Gone, Meetings, Owner);
        {meet, Colour, From} ->
            Waiting ! {meet, Colour, From},
            mall(Left - 1, none, Gone, Meetings, Owner);
        {gone, Times} when Gone + 1 =:= ?CHAMENEOS ->
            %% Each meeting was counted by both.
            Owner ! {met, (Meetings + Times) div 2};
        {gone, Times} ->
            mall(Left, Waiting, Gone + 1, Meetings + Times, Owner)
    end.

chameneo(Mall, Colour) ->
    receive start -> arrive(Mall, Colour, 0) end.

arrive(Mall, Colour, Meetings) ->
    Mall ! {meet, Colour, self()},
    receive
        {meet, Other, From} ->
            Changed = complement(Colour, Other),
            From ! {change, Changed},
            arrive(Mall, Changed, Meetings + 1);
        {change, Changed} ->
            arrive(Mall, Changed, Meetings + 1);
        close ->
            Mall ! {gone, Meetings}
    end.

complement(Colour, Colour) -> Colour;
complement(One, Other) -> ?COLOURS - One - Other.

%% Twenty philosophers ask an arbitrator for forks, and when denied ask again.

philosophers(N) ->
    Meals = N div ?PHILOSOPHERS,
    Owner = self(),
    Arbitrator = spawn_link(fun() -> arbitrator(erlang:make_tuple(?PHILOSOPHERS, free)) end),
    Philosopher = fun(Seat) ->
        receive start -> philosopher(Arbitrator, Seat, Meals, 0, Owner) end
    end,
    Philosophers = [spawn_link(fun() -> Philosopher(Seat) end) || Seat <- lists:seq(1, ?PHILOSOPHERS)],
    bench:ready(),
    [One ! start || One <- Philosophers],
    lists:sum([receive {eaten, Times} -> Times end || _ <- lists:seq(1, ?PHILOSOPHERS)]).

arbitrator(Forks) ->
    receive
        {hungry, Seat, From} ->
            Right = Seat rem ?PHILOSOPHERS + 1,
            case element(Seat, Forks) =:= free andalso element(Right, Forks) =:= free of
                true ->
                    From ! eat,
                    arbitrator(setelement(Right, setelement(Seat, Forks, taken), taken));
                false ->
                    From ! denied,
                    arbitrator(Forks)
            end;
        {done, Seat} ->
            Right = Seat rem ?PHILOSOPHERS + 1,
            arbitrator(setelement(Right, setelement(Seat, Forks, free), free))
    end.

philosopher(_, _, 0, Eaten, Owner) ->
    Owner ! {eaten, Eaten};
philosopher(Arbitrator, Seat, Left, Eaten, Owner) ->
    Arbitrator ! {hungry, Seat, self()},
    receive
        denied ->
            philosopher(Arbitrator, Seat, Left, Eaten, Owner);
        eat ->
            Arbitrator ! {done, Seat},
            philosopher(Arbitrator, Seat, Left - 1, Eaten + 1, Owner)
    end.

%% A hundred and twenty actors ping one of the others, drawn by lot, again and again.

big(N) ->
    Pings = N div ?ACTORS,
    Owner = self(),
    Actors = [spawn_link(fun() -> wait_for_others(Index, Pings, Owner) end) || Index <- lists:seq(0, ?ACTORS - 1)],
    Others = list_to_tuple(Actors),
    bench:ready(),
    [Actor ! {start, Others} || Actor <- Actors],
    lists:sum([receive {ponged, Times} -> Times end || _ <- Actors]).

wait_for_others(Index, Pings, Owner) ->
    receive {start, Others} -> ping_next(Others, Index, Pings, 0, Owner) end.

ping_next(Others, Lot, 0, Ponged, Owner) ->
    Owner ! {ponged, Ponged},
    pinging(Others, Lot, 0, Ponged, Owner);
ping_next(Others, Lot, Left, Ponged, Owner) ->
    Next = following(Lot),
    element(Next rem ?ACTORS + 1, Others) ! {ping, self()},
    pinging(Others, Next, Left, Ponged, Owner).

pinging(Others, Lot, Left, Ponged, Owner) ->
    receive
        {ping, From} ->
            From ! pong,
            pinging(Others, Lot, Left, Ponged, Owner);
        pong ->
            ping_next(Others, Lot, Left - 1, Ponged + 1, Owner)
    end.

following(Number) ->
    (Number * 75 + 74) rem 65537.

%% A teller has money transferred from one account to another. The account it comes from waits until the other has it, and
%% handles nothing else meanwhile.

banking(N) ->
    Owner = self(),
    Sources = list_to_tuple([spawn_link(fun() -> account(0, Owner) end) || _ <- lists:seq(1, ?SOURCES)]),
    Destinations = list_to_tuple([spawn_link(fun() -> account(0, Owner) end) || _ <- lists:seq(1, ?DESTINATIONS)]),
    bench:ready(),
    transfer(N, 1, Sources, Destinations),
    Done = length([receive done -> ok end || _ <- lists:seq(1, N)]),
    {Done, fun() -> 0 = balance(Sources) + balance(Destinations) end}.

transfer(0, _, _, _) ->
    ok;
transfer(Left, Lot, Sources, Destinations) ->
    Next = following(Lot),
    To = following(Next),
    element(Next rem ?SOURCES + 1, Sources) !
        {credit, Next rem ?LARGEST + 1, element(To rem ?DESTINATIONS + 1, Destinations)},
    transfer(Left - 1, To, Sources, Destinations).

balance(Accounts) ->
    lists:sum([begin Account ! {balance, self()}, receive {balance, Balance} -> Balance end end
        || Account <- tuple_to_list(Accounts)]).

account(Balance, Teller) ->
    receive
        {credit, Amount, To} ->
            Ref = make_ref(),
            To ! {debit, Amount, self(), Ref},
            receive
                {debited, Ref} -> Teller ! done
            after ?DEADLINE -> exit(timeout)
            end,
            account(Balance - Amount, Teller);
        {debit, Amount, From, Ref} ->
            From ! {debited, Ref},
            account(Balance + Amount, Teller);
        {balance, From} ->
            From ! {balance, Balance},
            account(Balance, Teller)
    end.
