using System.Security.Cryptography;
using BacktestOps.Operations.Evidence;
using BacktestOps.Operations.Tests.Fixtures;

namespace BacktestOps.Operations.Tests.Evidence;

public sealed class ArtifactStoreTests : IDisposable
{
    // FIPS 180-2, appendix B.1: the SHA-256 of "abc".
    private const string DigestOfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private readonly TemporaryFolder _folder = new();
    private readonly ArtifactStore _store;

    public ArtifactStoreTests() => _store = new ArtifactStore(_folder["evidence"]);

    [Fact]
    public void Content_is_kept_under_its_SHA_256_and_read_back()
    {
        var artifact = _store.Put("letters", "text/plain", "abc"u8);

        Assert.Equal(("letters", DigestOfAbc, "text/plain", 3L), (artifact.Name, artifact.Digest, artifact.MediaType, artifact.Length));
        Assert.Equal("abc"u8.ToArray(), _store.Read(DigestOfAbc));
        Assert.True(_store.Contains(DigestOfAbc));
        Assert.Equal("abc", File.ReadAllText(_store.PathOf(DigestOfAbc)));
    }

    [Fact]
    public void The_same_content_is_one_file_that_is_not_written_again()
    {
        _store.Put("letters", "text/plain", "abc"u8);
        var longAgo = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(_store.PathOf(DigestOfAbc), longAgo);

        _store.Put("again", "text/plain", "abc"u8);

        Assert.Equal(longAgo, File.GetLastWriteTimeUtc(_store.PathOf(DigestOfAbc)));
        Assert.Single(Directory.GetFiles(_store.Folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Bytes_that_were_changed_are_neither_read_nor_taken_for_kept()
    {
        _store.Put("letters", "text/plain", "abc"u8);
        File.WriteAllText(_store.PathOf(DigestOfAbc), "abd");

        var read = Assert.Throws<ArtifactStoreException>(() => _store.Read(DigestOfAbc));
        Assert.Throws<ArtifactStoreException>(() => _store.Put("letters", "text/plain", "abc"u8));

        Assert.Contains(DigestOfAbc, read.Message, StringComparison.Ordinal);
        Assert.Equal("abd", File.ReadAllText(_store.PathOf(DigestOfAbc)));
    }

    [Fact]
    public void What_was_never_kept_is_an_error_that_names_it()
    {
        var error = Assert.Throws<ArtifactStoreException>(() => _store.Read(DigestOfAbc));

        Assert.Contains(DigestOfAbc, error.Message, StringComparison.Ordinal);
        Assert.False(_store.Contains(DigestOfAbc));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    public void Nothing_but_a_digest_becomes_a_path(string digest) => Assert.Throws<ArgumentException>(() => _store.PathOf(digest));

    [Fact]
    public void A_folder_that_cannot_be_written_is_an_error_and_leaves_nothing()
    {
        File.WriteAllText(_folder["evidence"], "in the way");

        var error = Assert.Throws<ArtifactStoreException>(() => _store.Put("letters", "text/plain", "abc"u8));

        Assert.Contains("'letters'", error.Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Many_writers_of_the_same_and_of_other_content_keep_all_of_it()
    {
        var contents = Enumerable.Range(0, 200).Select(number => BitConverter.GetBytes(number % 20)).ToList();

        await Task.WhenAll(contents.Select(content => Task.Run(() => _store.Put("number", "application/octet-stream", content))));

        Assert.Equal(20, Directory.GetFiles(_store.Folder, "*", SearchOption.AllDirectories).Length);
        Assert.All(contents, content => Assert.Equal(content, _store.Read(Convert.ToHexStringLower(SHA256.HashData(content)))));
    }

    public void Dispose() => _folder.Dispose();
}
