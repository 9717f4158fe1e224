using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BacktestOps.Contracts;
using BacktestOps.Engine.Sweeps;

namespace BacktestOps.Runs.Sweeps;

/// <summary>Writes the file with every variant: a header, then a line each, numbers as the shortest text that reads back.</summary>
internal sealed class VariantsCsv : IDisposable
{
    private const int LongestNumber = 32;

    private readonly Sweep _sweep;
    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly double[] _values;
    private readonly int _longestLine;
    private int _used;
    private long _bytes, _number;

    /// <summary>Starts the file and writes its header.</summary>
    public VariantsCsv(string path, Sweep sweep)
    {
        _sweep = sweep;
        _values = new double[sweep.Parameters.Count];
        _longestLine = (sweep.Parameters.Count + 11) * LongestNumber;
        _file = PrivateFile.Open(path, FileMode.Create, FileAccess.Write, FileShare.Delete);
        var header = string.Join(',', [
            "variant", .. sweep.Parameters, "total_return", "cagr", "sharpe_ratio", "max_drawdown", "calmar_ratio", "annual_volatility",
            "total_trades", "win_rate", "profit_factor", "exposure"]);
        Put(Encoding.UTF8.GetBytes(header + "\n"));
    }

    /// <summary>Writes the next variant.</summary>
    public void Add(long cell, in VariantFigures figures)
    {
        if (_buffer.Length - _used < _longestLine) Flush();
        Number(++_number);
        _sweep.ReadValues(cell, _values);
        foreach (var value in _values) Number(value);
        Number(figures.TotalReturn);
        Number(_sweep.Cagr(figures));
        Number(figures.SharpeRatio);
        Number(figures.MaxDrawdown);
        Number(_sweep.Calmar(figures));
        Number(figures.AnnualVolatility);
        Number(figures.Trades);
        Number(figures.WinRate);
        Number(figures.ProfitFactor);
        Number((double)figures.BarsHeld / _sweep.Bars);
        _buffer[_used - 1] = (byte)'\n';
    }

    /// <summary>Ends the file.</summary>
    /// <param name="name">Its name when it is published.</param>
    /// <param name="flush">Makes it durable.</param>
    public SweepFile Finish(string name, Action<FileStream> flush)
    {
        Flush();
        flush(_file);
        return new SweepFile { Name = name, Bytes = _bytes, Sha256 = Convert.ToHexStringLower(_hash.GetHashAndReset()) };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
    }

    private void Number(long value)
    {
        Utf8Formatter.TryFormat(value, _buffer.AsSpan(_used), out var length);
        _used += length;
        _buffer[_used++] = (byte)',';
    }

    private void Number(double? value)
    {
        if (value is { } number && !double.IsNaN(number))
        {
            number.TryFormat(_buffer.AsSpan(_used), out var length, default, CultureInfo.InvariantCulture);
            _used += length;
        }
        _buffer[_used++] = (byte)',';
    }

    private void Put(ReadOnlySpan<byte> text)
    {
        if (text.Length > _buffer.Length - _used) Flush();
        if (text.Length > _buffer.Length) throw new InvalidOperationException("The header is longer than any strategy's.");
        text.CopyTo(_buffer.AsSpan(_used));
        _used += text.Length;
    }

    private void Flush()
    {
        _file.Write(_buffer, 0, _used);
        _hash.AppendData(_buffer, 0, _used);
        (_bytes, _used) = (_bytes + _used, 0);
    }
}
