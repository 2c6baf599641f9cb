%% Counts what many processes handle, and tells one when all that it expects has been; as `tally.ts` does.
-module(tally).
-export([new/0, expect/2, count/1, await/0, total/1]).

-define(HANDLED, 1).
-define(EXPECTED, 2).

new() ->
    {atomics:new(2, []), self()}.

expect({Counts, _Owner}, Operations) ->
    atomics:put(Counts, ?EXPECTED, atomics:get(Counts, ?HANDLED) + Operations).

count({Counts, Owner}) ->
    Handled = atomics:add_get(Counts, ?HANDLED, 1),
    case atomics:get(Counts, ?EXPECTED) of
        Handled -> Owner ! counted;
        _ -> ok
    end.

await() ->
    receive
        counted -> ok
    end.

total({Counts, _Owner}) ->
    atomics:get(Counts, ?HANDLED).
