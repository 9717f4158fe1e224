using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace BacktestOps.Tests.Shared;

/// <summary>Ports for servers that are stopped and started again on the same one.</summary>
/// <remarks>
/// A port that the system gives out for port 0 is of the range that it also takes the local ends of connections from: while the server is
/// down, any connection of any program can take it. These are below that range, and no two servers of one test program get the same.
/// </remarks>
internal static class FreePorts
{
    private const int First = 10_000;

    private static readonly ConcurrentDictionary<int, bool> Taken = new();

    /// <summary>A port of the loopback address that nothing listens on, and that nothing but a server will be given.</summary>
    public static int Take()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, FirstOfConnections());
            if (Taken.TryAdd(port, true) && IsFree(port)) return port;
        }
    }

    private static int FirstOfConnections() => File.Exists("/proc/sys/net/ipv4/ip_local_port_range")
        ? Math.Max(First + 1000, int.Parse(File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").Split('\t', ' ')[0], CultureInfo.InvariantCulture))
        : 32_768;

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
