namespace BacktestOps.Engine.Rules.Evaluation;

/// <summary>Arrays that one symbol's evaluation leaves to the next: fresh memory costs more than what is computed into it.</summary>
/// <remarks>For one thread. What is returned must not be read any more.</remarks>
internal sealed class ColumnPool
{
    private readonly Stack<double[]> _numbers = new();
    private readonly Stack<long[]> _ticks = new();
    private readonly Stack<ulong[]> _masks = new();

    /// <summary>An array of this length, with anything in it.</summary>
    public double[] RentNumbers(int count) => Rent(_numbers, count);

    /// <summary>As above.</summary>
    public long[] RentTicks(int count) => Rent(_ticks, count);

    /// <summary>As above.</summary>
    public ulong[] RentMask(int words) => Rent(_masks, words);

    /// <summary>Takes an array back.</summary>
    public void Return(double[] numbers) => _numbers.Push(numbers);

    /// <summary>As above.</summary>
    public void Return(long[] ticks) => _ticks.Push(ticks);

    /// <summary>As above.</summary>
    public void Return(ulong[] mask) => _masks.Push(mask);

    // Symbols of one market are mostly of one length; another length begins anew.
    private static T[] Rent<T>(Stack<T[]> arrays, int count)
    {
        while (arrays.TryPop(out var array))
        {
            if (array.Length == count) return array;
        }
        return GC.AllocateUninitializedArray<T>(count);
    }
}
