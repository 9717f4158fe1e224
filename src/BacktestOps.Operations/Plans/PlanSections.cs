using System.Globalization;
using System.Text.Json;
using BacktestOps.Operations.Health;

namespace BacktestOps.Operations.Plans;

/// <summary>Reads the sections of a plan.</summary>
/// <param name="absolute">Makes a path of the file absolute.</param>
internal sealed class PlanSections(Func<string?, string?> absolute)
{
    private static readonly TimeSpan BuildTimeout = TimeSpan.FromMinutes(10);

    /// <summary>True for a relative path that stays where it starts.</summary>
    public static bool IsInside(string path) =>
        path.Length > 0 && !Path.IsPathRooted(path) && !path.Contains('\\', StringComparison.Ordinal) && !path.Contains('\0', StringComparison.Ordinal)
        && path.TrimEnd('/').Split('/') is var parts && parts.All(part => part.Length > 0 && part is not "." and not "..");

    public ServicePlan Service(PlanObject service)
    {
        var kind = service.Word("kind", "process", "systemd", "command") switch
        {
            "systemd" => ServiceKind.Systemd,
            "command" => ServiceKind.Command,
            _ => ServiceKind.Process,
        };
        var start = service.Texts("start", required: kind != ServiceKind.Systemd, "[ \"node\", \"backend/server.js\" ]");
        var stop = service.Texts("stop", required: kind == ServiceKind.Command, "[ \"./stop.sh\" ]");
        var status = service.Texts("status", required: kind == ServiceKind.Command, "[ \"./status.sh\" ]");
        var unit = service.Text("unit", required: kind == ServiceKind.Systemd, "\"backtest.service\"");
        if (kind != ServiceKind.Systemd && unit is not null) service.Fault("unit", "a unit belongs to kind 'systemd'");
        if (kind != ServiceKind.Command && (stop.Count > 0 || status.Count > 0))
            service.Fault(stop.Count > 0 ? "stop" : "status", "stop and status commands belong to kind 'command'");
        var folder = service.Text("working_folder") ?? ".";
        if (folder != "." && !IsInside(folder)) service.Fault("working_folder", $"'{folder}' does not lie in a release", "a relative path without '..'");
        var environment = service.Map("environment");
        foreach (var (name, value) in environment)
        {
            if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal)) service.Fault("environment", $"'{name}' is no name of a variable");
            if (value == "secret:") service.Fault("environment", $"'{name}' names no secret", "for example \"secret:API_KEY\"");
        }

        var port = (int)(service.Whole("port", 1, 65535, required: true) ?? 1);
        var plan = new ServicePlan
        {
            Kind = kind,
            Start = start,
            Stop = stop,
            Status = status,
            Unit = unit,
            WorkingFolder = folder,
            Environment = environment,
            SecretsFile = absolute(service.Text("secrets_file")),
            Port = port,
            Address = Address(service, port),
            StopTimeout = service.Time("stop_timeout") ?? TimeSpan.FromSeconds(10),
            LogBytes = service.Whole("log_bytes", 1024, long.MaxValue) ?? 16 << 20,
            LogFiles = (int)(service.Whole("log_files", 1, 1000) ?? 5),
        };
        service.Close();
        return plan;
    }

    public static BuildCommand? Build(PlanObject owner, PlanNode node)
    {
        if (node.Kind == JsonValueKind.Array)
        {
            if (node.Items.Count > 0 && node.Items.All(item => item.Kind == JsonValueKind.String && item.Text.Length > 0))
                return new BuildCommand([.. node.Items.Select(item => item.Text)], BuildTimeout);
            owner.Fault(node, "a command is a program and its arguments, all strings", "for example [ \"npm\", \"ci\" ]");
            return null;
        }

        var build = owner.Child(node);
        var command = build.Texts("run", required: true, "[ \"npm\", \"ci\" ]");
        var timeout = build.Time("timeout") ?? BuildTimeout;
        build.Close();
        return new BuildCommand(command, timeout);
    }

    public static RequiredFile? File(PlanObject owner, PlanNode node)
    {
        if (node.Kind == JsonValueKind.String)
        {
            if (IsInside(node.Text)) return new RequiredFile(node.Text, new Dictionary<string, string>(), null);
            owner.Fault(node, $"'{node.Text}' does not lie in a release", "a relative path without '..'");
            return null;
        }

        var file = owner.Child(node);
        var path = file.Text("path", required: true, "\"package.json\"");
        if (path is not null && !IsInside(path)) file.Fault("path", $"'{path}' does not lie in a release", "a relative path without '..'");
        var json = file.Map("json");
        foreach (var field in json.Keys) CheckPath(file, "json", field);
        var contains = file.Text("contains");
        file.Close();
        return path is null ? null : new RequiredFile(path, json, contains);
    }

    public DatabasePlan Database(PlanObject database)
    {
        var path = absolute(database.Text("path", required: true, "\"/srv/backtest/shared/data/backtests.db\""));
        var restore = database.Word("restore_on_rollback", "never", "when_nothing_is_lost", "always") switch
        {
            "always" => RestorePolicy.Always,
            "when_nothing_is_lost" => RestorePolicy.WhenNothingIsLost,
            _ => RestorePolicy.Never,
        };
        var (table, key) = (database.Text("accepted_table"), database.Text("accepted_key"));
        if (table is null != key is null) database.Fault(table is null ? "accepted_key" : "accepted_table", "'accepted_table' and 'accepted_key' stand together");
        if (restore != RestorePolicy.Never && table is null)
            database.Fault("restore_on_rollback", "what a restore gives up can't be counted", "name 'accepted_table' and 'accepted_key', for example \"runs\" and \"id\"");
        database.Close();
        return new DatabasePlan(path ?? "", restore, table, key);
    }

    public static HealthPlan Health(PlanObject health)
    {
        var path = health.Text("path") ?? "/api/health";
        if (!path.StartsWith('/')) health.Fault("path", $"'{path}' does not begin with '/'");
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (health.Object("fields", required: true, "{ \"status\": \"healthy\" }") is { } expected)
        {
            foreach (var node in expected.All())
            {
                CheckPath(expected, node.Key, node.Key);
                fields[node.Key] = Scalar(expected, node.Value);
            }

            expected.Close();
        }

        var versionField = health.Text("version_field") ?? "version";
        CheckPath(health, "version_field", versionField);
        var process = health.Text("process_field");
        if (process is not null) CheckPath(health, "process_field", process);
        var plan = new HealthPlan
        {
            Path = path,
            Fields = fields,
            VersionField = versionField,
            ProcessField = process,
            Timeout = health.Time("timeout") ?? TimeSpan.FromSeconds(30),
            MaxLatency = health.Time("max_latency") ?? TimeSpan.FromSeconds(2),
        };
        health.Close();
        return plan;
    }

    public static Requirements Requirements(PlanObject requirements)
    {
        var tools = new List<ToolRequirement>();
        foreach (var node in requirements.Items("tools"))
        {
            var tool = requirements.Child(node);
            var name = tool.Text("name", required: true, "\"node\"");
            var arguments = tool.Texts("arguments");
            var minimum = tool.Text("minimum", example: "\"20.0\"");
            var version = minimum is null ? null : ToolVersion.Find(minimum);
            if (minimum is not null && version is null) tool.Fault("minimum", $"'{minimum}' is no version", "for example \"20.0\"");
            tool.Close();
            if (name is not null) tools.Add(new ToolRequirement(name, arguments.Count > 0 ? arguments : ["--version"], version));
        }

        var plan = new Requirements
        {
            Tools = tools,
            Environment = requirements.Texts("environment"),
            DiskFreeBytes = requirements.Whole("disk_free_bytes", 0, long.MaxValue) ?? 256 << 20,
        };
        requirements.Close();
        return plan;
    }

    private static Uri Address(PlanObject service, int port)
    {
        var usual = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
        if (service.Text("address") is not { } text) return usual;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https") return address;
        service.Fault("address", $"'{text}' is no http or https address", $"for example \"{usual}\"");
        return usual;
    }

    private static object? Scalar(PlanObject owner, PlanNode node)
    {
        switch (node.Kind)
        {
            case JsonValueKind.String: return node.Text;
            case JsonValueKind.True: return true;
            case JsonValueKind.False: return false;
            case JsonValueKind.Null: return null;
            case JsonValueKind.Number when decimal.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number): return number;
            default:
                owner.Fault(node, $"{node.Describe} stands where a string, a number, a Boolean or null must");
                return null;
        }
    }

    private static void CheckPath(PlanObject owner, string key, string path)
    {
        try
        {
            JsonPath.Parse(path);
        }
        catch (FormatException error)
        {
            owner.Fault(key, error.Message);
        }
    }
}
