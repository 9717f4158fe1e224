namespace BacktestOps.Contracts;

/// <summary>Something that was kept as evidence, by what it contains: an answer's bytes, a screenshot, a log.</summary>
/// <param name="Name">What it is, for people: <c>result.body.json</c>.</param>
/// <param name="Digest">SHA-256 of the bytes, lower-case hex; the name that it is found by.</param>
/// <param name="MediaType">Media type of the bytes, as far as it is known.</param>
/// <param name="Length">How many bytes.</param>
public sealed record Artifact(string Name, string Digest, string MediaType, long Length);
