using Microsoft.Extensions.Logging.Console;

namespace BacktestOps.Service.Observing;

/// <summary>Where the log goes: standard output, one line an event, times in UTC.</summary>
internal static class ServiceLogging
{
    private const string Time = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static void ToConsole(ILoggingBuilder logging, bool asJson)
    {
        if (asJson)
        {
            logging.AddJsonConsole(console =>
            {
                console.UseUtcTimestamp = true;
                console.TimestampFormat = Time;
            });
            return;
        }

        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = Time + " ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
    }
}
