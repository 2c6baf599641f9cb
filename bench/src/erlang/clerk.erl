%% Answers each question with the number of messages it has handled, of which a cast is one as well. `count` is no question, it asks
%% for that number as it is.
-module(clerk).
-behaviour(gen_server).
-export([init/1, handle_call/3, handle_cast/2]).

init(none) ->
    {ok, 0}.

handle_call(read, _From, Handled) ->
    {reply, Handled + 1, Handled + 1};
handle_call(count, _From, Handled) ->
    {reply, Handled, Handled}.

handle_cast(count, Handled) ->
    {noreply, Handled + 1}.
