namespace BacktestOps.Service.Endpoints;

/// <summary>How routes are added.</summary>
internal static class Routes
{
    private static readonly string[] ReadMethods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>A route that only reads; HEAD gives its headers alone.</summary>
    public static void MapRead(this WebApplication app, string pattern, RequestDelegate handler) =>
        app.MapMethods(pattern, ReadMethods, handler);
}
