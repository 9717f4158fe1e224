using System.Security.Cryptography;
using System.Text;
using BacktestOps.Contracts;

namespace BacktestOps.Service.Access;

/// <summary>The API keys of the service, of which it knows the hashes only.</summary>
/// <remarks>
/// The file has one key a line: a name, a space, <c>sha256:</c> and the hash in hex; <c>#</c> begins a comment. A key is 32 random
/// bytes, which nobody can guess from its hash; a slow hash, made for passwords that people choose, would protect no better.
/// </remarks>
internal sealed class ApiKeys
{
    /// <summary>What every key begins with, so that a scanner finds one that was committed or mailed.</summary>
    public const string Prefix = "bto_";

    private const string Scheme = "sha256:";
    private const int Bytes = 32;

    private readonly List<(string Name, byte[] Hash)> _keys = [];

    private ApiKeys(string path, IEnumerable<string> lines)
    {
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            var text = line.Split('#')[0].Trim();
            if (text.Length == 0)
                continue;
            var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            // The line is not repeated in the message: somebody may have written the key itself there.
            if (words.Length != 2 || !words[1].StartsWith(Scheme, StringComparison.Ordinal) || Decode(words[1][Scheme.Length..]) is not { } hash)
                throw new BacktestUnavailableException($"The API key file '{path}', line {number}: not a name and {Scheme} with 64 hex digits.", "Make keys with --add-api-key; the file holds their hashes only.");
            _keys.Add((words[0], hash));
        }

        if (_keys.Count == 0)
            throw new BacktestUnavailableException($"The API key file '{path}' holds no key, so nobody could use the service.", "Make one with --add-api-key NAME.");
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="BacktestUnavailableException">It can't be read, others can use it, or it holds something else than keys.</exception>
    public static ApiKeys Read(string path)
    {
        try
        {
            SecretFile.ThrowIfOpen(path, "API key file");
            return new ApiKeys(path, File.ReadAllLines(path));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BacktestUnavailableException($"The API key file '{path}' can't be read: {fault.Message}", "Make one with --add-api-key NAME, or mend the path.", fault);
        }
    }

    /// <summary>Makes a key, adds its hash to the file, and gives the key: this is the only time that anybody sees it.</summary>
    /// <exception cref="BacktestUnavailableException">The file can't be written.</exception>
    public static string Add(string path, string name)
    {
        if (name.Any(c => c is <= ' ' or > '~' or '#'))
            throw new ServiceOptionsException($"--add-api-key '{name}' is not a name: visible ASCII characters without '#'.");
        var key = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var file = new FileStream(path, options);
            file.Write(Encoding.UTF8.GetBytes($"{name} {Scheme}{Convert.ToHexStringLower(Hash(key))}\n"));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BacktestUnavailableException($"The API key file '{path}' can't be written: {fault.Message}", "Give this user the right to write there, or name another file.", fault);
        }

        return key;
    }

    /// <summary>The name of the key that was sent; null when it is none of them.</summary>
    public string? Find(string sent)
    {
        var hash = Hash(sent);
        string? found = null;
        // All of them, each in constant time: how long it takes says nothing of how near a guess was.
        foreach (var (name, known) in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, known))
                found = name;
        }

        return found;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static byte[]? Decode(string hex)
    {
        try
        {
            return Convert.FromHexString(hex) is { Length: SHA256.HashSizeInBytes } hash ? hash : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
