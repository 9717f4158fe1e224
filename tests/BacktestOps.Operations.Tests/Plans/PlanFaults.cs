namespace BacktestOps.Operations.Tests.Plans;

/// <summary>Plans with one fault each: what is replaced by what in a good plan, the line, and what must be said.</summary>
internal static class PlanFaults
{
    private const string Service = "\"start\": [\"node\", \"a.js\"], \"port\": 3000";
    private const string Source = "\"git\": \"repo\"";
    private const string Last = "\"smoke\": false,";
    private const string Root = "\"root\": \"deploy\"";

    public static IReadOnlyDictionary<string, (string Find, string Replace, int Line, string Says)> All { get; } = new Dictionary<string, (string, string, int, string)>
    {
        ["no JSON"] = (Last, "\"smoke\": }", 7, "not JSON"),
        ["cut"] = ("\"health\": {", "\"health\": { \"fields\": ", 6, "not JSON"),
        ["a mistyped key"] = ("\"root\"", "\"rooot\"", 3, "no key 'rooot' here (did you mean 'root'?)"),
        ["a key of another place"] = (Last, Last + " \"port\": 1", 7, "no key 'port' here"),
        ["a key in the wrong case"] = ("\"name\"", "\"Name\"", 2, "no key 'Name' here (did you mean 'name'?)"),
        ["a key twice"] = (Last, Last + " \"name\": \"b\"", 7, "'name' is there twice, first on line 2"),
        ["no name"] = ("\"name\": \"svc\",", "", 1, "'name' is missing"),
        ["a number for a name"] = ("\"svc\"", "7", 2, "a number stands where a string must"),
        ["an empty name"] = ("\"svc\"", "\"\"", 2, "it is empty"),
        ["a name with blanks"] = ("\"svc\"", "\"my svc\"", 2, "'my svc' is no name"),
        ["a name with a slash"] = ("\"svc\"", "\"../svc\"", 2, "is no name"),
        ["the root of the disk"] = (Root, "\"root\": \"/\"", 3, "the root of a file system"),
        ["a Boolean for a root"] = (Root, "\"root\": true", 3, "a Boolean stands where a string must"),
        ["no source"] = (Source, "", 4, "neither 'git' nor 'zip'"),
        ["two sources"] = (Source, Source + ", \"zip\": \"a-{version}.zip\", \"sha256\": { \"1\": \"" + Hash + "\" }", 4, "both 'git' and 'zip'"),
        ["a tag without version"] = (Source, Source + ", \"tag\": \"latest\"", 4, "'latest' does not contain {version}"),
        ["an archive without version"] = (Source, "\"zip\": \"a.zip\", \"sha256\": { \"1\": \"" + Hash + "\" }", 4, "does not contain {version}"),
        ["an archive without digest"] = (Source, "\"zip\": \"a-{version}.zip\"", 4, "no archive has its SHA-256"),
        ["a digest that is too short"] = (Source, "\"zip\": \"a-{version}.zip\", \"sha256\": { \"2.0.2\": \"abc\" }", 4, "the digest of '2.0.2' is not 64 hex digits"),
        ["a source that is a string"] = ("{ \"git\": \"repo\" }", "\"repo\"", 4, "a string stands where an object must"),
        ["an unknown kind"] = (Service, Service + ", \"kind\": \"docker\"", 5, "'docker' is none of process, systemd, command"),
        ["a mistyped kind"] = (Service, Service + ", \"kind\": \"sytemd\"", 5, "did you mean 'systemd'?"),
        ["no start command"] = (Service, "\"port\": 3000", 5, "'start' is missing"),
        ["an empty start command"] = ("[\"node\", \"a.js\"]", "[]", 5, "it is empty"),
        ["a start command in one string"] = ("[\"node\", \"a.js\"]", "\"node a.js\"", 5, "a string stands where an array must"),
        ["a number in the start command"] = ("\"a.js\"]", "3000]", 5, "service.start[1]: a number stands where a string must"),
        ["a unit for a process"] = (Service, Service + ", \"unit\": \"a.service\"", 5, "a unit belongs to kind 'systemd'"),
        ["no unit for systemd"] = (Service, "\"kind\": \"systemd\", \"port\": 3000", 5, "'unit' is missing"),
        ["a stop command for a process"] = (Service, Service + ", \"stop\": [\"kill\"]", 5, "belong to kind 'command'"),
        ["no port"] = (", \"port\": 3000", "", 5, "'port' is missing"),
        ["a string for a port"] = ("3000", "\"3000\"", 5, "a string stands where a whole number must"),
        ["port 0"] = ("3000", "0", 5, "0 is no whole number from 1 to 65535"),
        ["port 70000"] = ("3000", "70000", 5, "70000 is no whole number from 1 to 65535"),
        ["half a port"] = ("3000", "3000.5", 5, "3000.5 is no whole number"),
        ["a working folder outside"] = (Service, Service + ", \"working_folder\": \"../other\"", 5, "does not lie in a release"),
        ["an absolute working folder"] = (Service, Service + ", \"working_folder\": \"/srv\"", 5, "does not lie in a release"),
        ["a time without unit"] = (Service, Service + ", \"stop_timeout\": \"10\"", 5, "'10' is no time"),
        ["a time of nothing"] = (Service, Service + ", \"stop_timeout\": \"0s\"", 5, "'0s' is no time"),
        ["a negative time"] = (Service, Service + ", \"stop_timeout\": \"-5s\"", 5, "is no time"),
        ["a number for a time"] = (Service, Service + ", \"stop_timeout\": 10", 5, "a number stands where a string must"),
        ["a number in the environment"] = (Service, Service + ", \"environment\": { \"PORT\": 3000 }", 5, "service.environment.PORT: a number stands where a string must"),
        ["a secret without a name"] = (Service, Service + ", \"environment\": { \"KEY\": \"secret:\" }", 5, "'KEY' names no secret"),
        ["an address without scheme"] = (Service, Service + ", \"address\": \"localhost:3000\"", 5, "is no http or https address"),
        ["a log of no size"] = (Service, Service + ", \"log_bytes\": 0", 5, "0 is no whole number"),
        ["no health fields"] = ("\"fields\": { \"status\": \"healthy\", \"n\": 1, \"ok\": true, \"none\": null }", "", 6, "'fields' is missing"),
        ["a list as a health field"] = ("\"n\": 1", "\"n\": [1]", 6, "an array stands where a string, a number, a Boolean or null must"),
        ["a health field without a path"] = ("\"n\": 1", "\"a..b\": 1", 6, "is no path to a JSON field"),
        ["a relative health path"] = ("\"health\": {", "\"health\": { \"path\": \"api/health\",", 6, "does not begin with '/'"),
        ["no smoke journey and nothing said"] = (Last, "", 1, "'smoke' is missing"),
        ["a smoke journey that is true"] = (Last, "\"smoke\": true", 7, "a Boolean stands where an object must"),
        ["a relative page"] = (Last, "\"smoke\": { \"page\": { \"path\": \"page.html\" } }", 7, "does not begin with '/'"),
        ["a result address without id"] = (Last, "\"smoke\": { \"endpoints\": { \"result\": \"/api/result\" } }", 7, "does not contain {id}"),
        ["a start body in a string"] = (Last, "\"smoke\": { \"start\": \"AAPL\" }", 7, "a string stands where an object must"),
        ["a build command in one string"] = (Last, Last + " \"build\": [\"npm ci\"]", 7, "build[0]: a string stands where an object must"),
        ["an empty build command"] = (Last, Last + " \"build\": [[]]", 7, "a command is a program and its arguments"),
        ["a required file outside"] = (Last, Last + " \"files\": [\"../secret\"]", 7, "does not lie in a release"),
        ["a required file without a path"] = (Last, Last + " \"files\": [{ \"contains\": \"x\" }]", 7, "'path' is missing"),
        ["a shared path outside"] = (Last, Last + " \"shared\": [\"/data\"]", 7, "does not lie in a release"),
        ["shared paths within each other"] = (Last, Last + " \"shared\": [\"data\", \"data/db\"]", 7, "lies in, or holds, another shared path"),
        ["a database without a path"] = (Last, Last + " \"database\": {}", 7, "'path' is missing"),
        ["a table without a key"] = (Last, Last + " \"database\": { \"path\": \"a.db\", \"accepted_table\": \"runs\" }", 7, "stand together"),
        ["a restore that can't be counted"] = (Last, Last + " \"database\": { \"path\": \"a.db\", \"restore_on_rollback\": \"always\" }", 7, "what a restore gives up can't be counted"),
        ["a tool of no version"] = (Last, Last + " \"requirements\": { \"tools\": [{ \"name\": \"node\", \"minimum\": \"latest\" }] }", 7, "'latest' is no version"),
        ["disk space in words"] = (Last, Last + " \"requirements\": { \"disk_free_bytes\": \"1 GB\" }", 7, "a string stands where a whole number must"),
        ["a manual item that there is not"] = (Last, Last + " \"checklist\": { \"manual\": [\"criteria_review\"] }", 7, "there is no manual item 'criteria_review'"),
        ["keep nothing"] = (Last, Last + " \"keep\": 0", 7, "0 is no whole number from 1 to 1000"),
    };

    public static TheoryData<string> Cases => [.. All.Keys];

    private const string Hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
}
