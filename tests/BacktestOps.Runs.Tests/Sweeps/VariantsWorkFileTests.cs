using BacktestOps.Engine.Sweeps;
using BacktestOps.Runs.Sweeps;
using BacktestOps.Runs.Tests.Support;

namespace BacktestOps.Runs.Tests.Sweeps;

/// <summary>What a sweep goes on from is whole, or not used.</summary>
public sealed class VariantsWorkFileTests : IDisposable
{
    private const long Variants = 2 * VariantsWorkFile.PieceSize + 100;

    private readonly TempFolder _folder = new();

    private string FilePath => Path.Combine(_folder.Path, "run.work");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WhatWasWrittenIsReadAgain()
    {
        Write(pieces: 3);
        using var file = Open();

        Assert.Equal(Variants, file.Done);
        Assert.Equal(Figures(0, (int)Variants), file.ReadAll().SelectMany(piece => piece.ToArray()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(1000)]
    public void ATornPieceIsRunAgain(int missing)
    {
        Write(pieces: 2);
        using (var bytes = File.OpenWrite(FilePath)) bytes.SetLength(bytes.Length - missing);
        using var file = Open();

        Assert.Equal(VariantsWorkFile.PieceSize, file.Done);
    }

    [Fact]
    public void ADamagedPieceAndAllAfterItAreRunAgain()
    {
        Write(pieces: 3);
        var bytes = File.ReadAllBytes(FilePath);
        bytes[bytes.Length * 3 / 5] ^= 1;
        File.WriteAllBytes(FilePath, bytes);
        using var file = Open();

        Assert.Equal(VariantsWorkFile.PieceSize, file.Done);
        file.Append(Figures(VariantsWorkFile.PieceSize, VariantsWorkFile.PieceSize));
        file.Append(Figures(2 * VariantsWorkFile.PieceSize, 100));
        Assert.Equal(Figures(0, (int)Variants), file.ReadAll().SelectMany(piece => piece.ToArray()));
    }

    [Fact]
    public void AFileOfAnotherSweepIsNotUsed()
    {
        Write(pieces: 3);
        using var file = new VariantsWorkFile(FilePath, "other bars"u8, Variants);

        Assert.Equal(0, file.Done);
    }

    private VariantsWorkFile Open() => new(FilePath, "these bars"u8, Variants);

    private void Write(int pieces)
    {
        using var file = Open();
        for (var i = 0; i < pieces; i++) file.Append(Figures((int)file.Done, file.SizeAt(file.Done)));
    }

    private static VariantFigures[] Figures(int first, int count) => [.. Enumerable.Range(first, count).Select(i => new VariantFigures
    {
        TotalReturn = i / 7.0, Growth = i, SharpeRatio = i, MaxDrawdown = -1.0 / (i + 1), AnnualVolatility = 0.2, Won = i, Lost = -i, Trades = i, Wins = i / 2, Losses = 1, BarsHeld = 3,
    })];
}
