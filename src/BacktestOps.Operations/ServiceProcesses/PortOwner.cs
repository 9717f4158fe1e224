using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace BacktestOps.Operations.ServiceProcesses;

/// <summary>Who listens on a port of this machine.</summary>
internal static class PortOwner
{
    /// <summary>A port on which nothing listened a moment ago.</summary>
    public static int FindFree()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>True when a service could not listen on the loopback port.</summary>
    /// <param name="port">The port.</param>
    /// <param name="reason">Why, as the end of a sentence: who has it, or what the system says.</param>
    public static bool IsTaken(int port, out string reason)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            reason = "";
            return false;
        }
        catch (SocketException error)
        {
            reason = Explain(error, port);
            return true;
        }
    }

    /// <summary>Why a port could not be listened on, as the end of a sentence.</summary>
    internal static string Explain(SocketException error, int port) => error.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => $"{Describe(port)} has it",
        SocketError.AccessDenied => $"this user may not ({error.Message})",
        _ => error.Message,
    };

    /// <summary>Who listens on the port, for people: <c>process 123 (node)</c>.</summary>
    public static string Describe(int port)
    {
        if (!OperatingSystem.IsLinux()) return "another program";
        return Owners(port) is [var id, ..] ? $"process {id} ({NameOf($"/proc/{id}")})" : "a program of another user";
    }

    /// <summary>
    /// The processes that have the listening sockets of a port, one for each socket, as far as this user may see them.
    /// Linux only.
    /// </summary>
    public static IReadOnlyList<int> Owners(int port)
    {
        var sockets = ListeningSockets(port).Select(inode => $"socket:[{inode}]").ToHashSet();
        var owners = new List<int>();
        if (sockets.Count == 0) return owners;
        // The youngest first: what is asked about was started last, and every look into a process costs.
        var ids = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .OrderDescending();
        foreach (var id in ids)
        {
            if (!TakeHeld($"/proc/{id}", sockets)) continue;
            owners.Add(id);
            if (sockets.Count == 0) break;
        }

        return owners;
    }

    /// <summary>True when something listens on the port, whoever it is. Linux only.</summary>
    public static bool IsListenedOn(int port) => ListeningSockets(port).Any();

    /// <summary>proc(5), /proc/net/tcp: local address, state 0A (listening) and the socket's inode.</summary>
    private static IEnumerable<string> ListeningSockets(int port)
    {
        var suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        foreach (var table in (string[])["/proc/net/tcp", "/proc/net/tcp6"])
        {
            if (!File.Exists(table)) continue;
            foreach (var line in File.ReadLines(table).Skip(1))
            {
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length > 9 && fields[3] == "0A" && fields[1].EndsWith(suffix, StringComparison.Ordinal)) yield return fields[9];
            }
        }
    }

    /// <summary>Takes the sockets that a process has open out of the set; true when there were any.</summary>
    private static bool TakeHeld(string processFolder, HashSet<string> sockets)
    {
        try
        {
            var before = sockets.Count;
            foreach (var file in new DirectoryInfo(Path.Combine(processFolder, "fd")).EnumerateFileSystemInfos())
            {
                if (file.LinkTarget is { } target) sockets.Remove(target);
            }

            return sockets.Count < before;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It has ended, or it is another user's.
            return false;
        }
    }

    private static string NameOf(string processFolder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(processFolder, "comm")).Trim();
        }
        catch (IOException)
        {
            return "ended meanwhile";
        }
    }
}
