namespace BacktestOps.Operations.Feedback.Classification;

/// <summary>English words of people who use a service.</summary>
internal static class EnglishLexicon
{
    public static IReadOnlyList<Term> Terms { get; } =
    [
        .. Term.Praise(
            """
            good | great | excellent | awesome | amazing | fantastic | wonderful | perfect | perfectly | brilliant | love | loving | loved | like it
            | nice | nicely | well done | thank* | thx | happy | pleased | satisfied | impressed | impressive | helpful | useful | fast | faster | quick
            | quicker | quickly | smooth | smoothly | easy | easier | reliable | stable | better | improved | improvement* | best | recommend* | flawless*
            | could not be happier | couldn't be happier | could not be better | couldn't be better | couldn't be easier | as expected | as it should | great job | good job | back to normal | all good | responsive | a pleasure | kudos | appreciate*
            """),
        .. Term.Working("works | working | worked | functional | functions | up and running | successful | successfully | succeeds | succeeded"),
        .. Term.Complaint(
            """
            slow | slower | slowly | sluggish | bad | badly | terrible | horrible | awful | worst | worse | poor | poorly | hate | hated | hates
            | disappoint* | annoy* | frustrat* | confusing | confused | complicated | unhappy | dissatisfied | useless | unusable | waste of time
            | ugly | clunky | difficult | unclear | laggy | lags | lagging | complain | complaint* | complaining | unacceptable | takes forever
            | takes ages | taking forever | takes too long | took too long | unresponsive | regret* | mess | joke | angry | unreliable | inconvenient | hard to | not like | don't like | doesn't like | didn't like | too long | too many | but not
            """),
        .. Term.Defect(
            """
            error* | bug | bugs | buggy | crash* | broken | broke | breaks | fail | fails | failed | failing | failure* | 404 | 404s | exception*
            | stuck | freez* | frozen | froze | hang | hangs | hanging | hung | corrupt* | timeout* | times out | timed out | time out | glitch*
            | defect* | malfunction* | incorrect* | wrong | missing | disappeared data | lost my | lost data | data loss | not found | not available
            | unavailable | outage* | down again | is down | was down | went down | internal server error | bad gateway | http 500 | status 500
            | 500 error* | 502 | 503 | 504 | inaccessible | problem* | issue* | blank page | empty page | empty file | nothing happens | nothing happened
            | stopped working | stops working | quit working | does nothing | did nothing | to be fixed | be fixed | please fix | fix this | fix it
            | needs fixing | regression* | used to work | shows nothing | show nothing | returns nothing | returned nothing | gives nothing | got nothing | returns 500 | returned 500 | got 500 | get 500 | a 500 | garbled | white screen | won't let me
            """),
        .. Term.Doing(
            """
            work | load | loads | loading | open | opens | download | downloads | downloading | downloaded | start | starts | starting | save | saves
            | respond | responding | responds | connect | connects | connecting | finish | finishes | finishing | finished | complete | completes
            | log in | login | display | displays | displayed | show up | export | access | reach | get the result* | get my result* | see the result*
            | see my result* | click | do anything | get my | get the | function | render | renders | save the result*
            """),
        .. Term.Mending("fixed | resolved | solved | went away | fixing | repaired | sorted out | cleared up"),
        .. Term.Vanishing("gone | disappeared | vanished"),
        // Nothing is denied in these, or the denied word is another than the next.
        .. Term.Nothing("run into | ran into | not only | not just | no doubt | why not | looking forward | error log* | error handling | bug report* | issue tracker | like to"),
    ];

    /// <summary>Words that turn what follows into its opposite.</summary>
    public static IReadOnlySet<string> Negators { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "not", "no", "never", "without", "cannot", "can't", "cant", "couldn't", "don't", "dont", "doesn't", "doesnt", "didn't", "didnt", "isn't", "isnt", "wasn't",
        "aren't", "weren't", "won't", "wont", "hasn't", "haven't", "hadn't", "wouldn't", "shouldn't", "ain't", "zero", "none", "nothing", "nobody", "nor", "neither",
        "unable", "hardly", "barely", "impossible", "free",
    };

    /// <summary>Between two things that one negation denies: "no errors or crashes".</summary>
    public static IReadOnlySet<string> Joins { get; } = new HashSet<string>(StringComparer.Ordinal) { "or", "nor", "any", "other", "single", "more", "new", "further" };

    /// <summary>A clause with one of these says how it was before.</summary>
    public static IReadOnlyList<string> Past { get; } = ["used to", "before the", "before this", "previously", "in the old version", "in the previous", "last version", "earlier it", "was before", "until yesterday", "until today"];
}
