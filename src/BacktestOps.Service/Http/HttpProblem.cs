using BacktestOps.Contracts;

namespace BacktestOps.Service.Http;

/// <summary>The problems that HTTP itself has, apart from those of the backtest API.</summary>
internal static class HttpProblem
{
    /// <summary>The problem of a status that was given without a word.</summary>
    /// <param name="status">The status, 400 or more.</param>
    /// <param name="context">The call.</param>
    public static Problem Of(int status, HttpContext context)
    {
        var path = context.Request.Path.Value;
        return status switch
        {
            404 => Create(404, "NoSuchAddress", "No such address", $"There is nothing at {path}.",
                "The page is at /specific-stock-selection.html; the calls are listed in the service's README."),
            405 => Create(405, "MethodNotAllowed", "Wrong method",
                $"{(string.IsNullOrEmpty(path) ? "The service as a whole" : path)} does not take {context.Request.Method}.", $"It takes {context.Response.Headers.Allow}."),
            412 => Create(412, "PreconditionFailed", "The condition does not hold",
                "The result is not the one that If-Match names.", "Read the result again without the condition."),
            416 => Create(416, "RangeNotSatisfiable", "No such range",
                $"The range '{context.Request.Headers.Range}' lies outside of the result.",
                $"Content-Range says how long it is: {context.Response.Headers.ContentRange}."),
            _ => Create(status, $"Http{status}", "The request could not be taken", $"{context.Request.Method} {path} gave {status}.",
                "Look at the request; the calls are listed in the service's README."),
        };
    }

    /// <summary>The problem of a request whose body could not be read.</summary>
    /// <param name="exception">What the server says.</param>
    public static Problem Of(BadHttpRequestException exception) => exception.StatusCode switch
    {
        413 => Create(413, "BodyTooLarge", "The body is too large", $"A body of more than {ServiceHost.MaxBodyBytes:N0} bytes is not read.",
            "Send a smaller request."),
        408 => Create(408, "BodyTooSlow", "The body came too slowly", exception.Message, "Send the request again."),
        var status => Create(status, "BadRequest", "The request can't be read", exception.Message, "Look at how the request is sent."),
    };

    /// <summary>The problem of a request that the server refused before it could be routed: all that is known of it is the status.</summary>
    /// <param name="status">The status.</param>
    public static Problem Early(int status) => status switch
    {
        400 => Create(400, "BadRequest", "The request can't be read",
            "Its first line, its address, its host, a header or the framing of its body is not what HTTP allows.", "Look at how the request is sent, byte for byte."),
        408 => Create(408, "HeadTooSlow", "The head came too slowly", "The first line and the headers did not come in time.", "Send the request again."),
        413 => Create(413, "BodyTooLarge", "The body is too large", $"A body of more than {ServiceHost.MaxBodyBytes:N0} bytes is not read.", "Send a smaller request."),
        414 => Create(414, "AddressTooLong", "The address is too long", "The first line of the request has more than 8,192 bytes.", "Send a shorter address."),
        431 => Create(431, "HeadersTooLarge", "The headers are too large", "They have more than 32,768 bytes or 100 lines.", "Send fewer or shorter headers; clear the cookies of this host."),
        505 => Create(505, "HttpVersionNotSupported", "Not this version of HTTP", "The request names a version of HTTP that the service does not speak.", "Use HTTP/1.1."),
        _ => Create(status, $"Http{status}", "The request could not be taken", $"The server refused it with {status} before it could be read whole.", "Look at how the request is sent."),
    };

    /// <summary>The problem of a body that is not JSON by its own account.</summary>
    /// <param name="contentType">The content type that was given; null when none was.</param>
    public static Problem WrongContentType(string? contentType) => Create(
        415, "UnsupportedMediaType", "The body is not JSON",
        contentType is null ? "The request has no content type." : $"The content type is '{contentType}'.",
        "Send application/json in UTF-8.");

    /// <summary>The problem of a body that is packed.</summary>
    /// <param name="coding">Its content coding.</param>
    public static Problem WrongContentCoding(string coding) => Create(
        415, "UnsupportedMediaType", "The body is packed", $"The content encoding is '{coding}'.", "Send the JSON as it is, without Content-Encoding.");

    /// <summary>The problem of a body for which there is no memory now.</summary>
    public static Problem TooManyBodies() => Create(
        503, "TooManyBodies", "Too many large requests at once", $"The bodies of the requests under way take {BodyBudget.MaxBytes:N0} bytes, and no more are read at once.",
        "Send the request again in a moment; send large requests one after the other.");

    /// <summary>The problem of a call made by a page of another site, or to another name.</summary>
    /// <param name="status">403 or 421.</param>
    /// <param name="detail">What was seen.</param>
    public static Problem Foreign(int status, string detail) => Create(
        status, "ForeignCaller", "Not from here", detail, "Use the address that the service prints at its start: http://127.0.0.1 and its port.");

    /// <summary>The problem of a fault of the service itself.</summary>
    /// <param name="reference">What stands beside the fault in the log.</param>
    public static Problem Internal(string reference) => Create(
        500, "InternalError", "The service has a fault",
        $"The call could not be answered because of a fault of the service. In its log the fault has the reference {reference}.",
        "Look at the log; ask again, since the fault may lie in this one call.");

    private static Problem Create(int status, string errorId, string title, string detail, string action) => new()
    {
        Type = ProblemTranslation.TypeOf(errorId), Title = title, Status = status, Detail = detail, Action = action,
    };
}
