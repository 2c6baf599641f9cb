%% Runs what it is told to, one line after another: `module function number`. A function that is timed says `ready` when it has
%% prepared everything, and waits for `go`. The answer is one line with what the function returns: how many operations were handled,
%% or the figures it has read; and then `tidy`, when nothing is left of it.
-module(bench).
-export([main/0, ready/0]).

main() ->
    %% Crashes are among what is measured; nobody is to print them.
    logger:set_primary_config(level, none),
    loop().

loop() ->
    case io:get_line("") of
        eof ->
            halt(0);
        Line ->
            [Module, Function, Number] = string:lexemes(Line, " \n"),
            run(list_to_atom(Module), list_to_atom(Function), list_to_integer(Number)),
            loop()
    end.

%% In a process of its own, so that each run begins with an empty heap. Whatever is linked to it ends with it; what is not, is
%% ended by the function that is returned with the result.
run(Module, Function, Number) ->
    {Pid, Monitor} = spawn_monitor(fun() ->
        case Module:Function(Number) of
            {Result, Tidy} -> answer(Result), Tidy();
            Result -> answer(Result)
        end,
        exit(over)
    end),
    receive
        {'DOWN', Monitor, process, Pid, over} ->
            io:put_chars("tidy\n");
        {'DOWN', Monitor, process, Pid, Reason} ->
            io:format(standard_error, "~p~n", [Reason]),
            halt(1)
    end.

ready() ->
    io:put_chars("ready\n"),
    "go\n" = io:get_line("").

answer(Figures) when is_list(Figures) ->
    io:put_chars([lists:join(" ", [io_lib:format("~w", [Figure]) || Figure <- Figures]), "\n"]);
answer(Handled) ->
    io:format("~w~n", [Handled]).
