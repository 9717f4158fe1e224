using BacktestOps.Contracts;

namespace BacktestOps.Service.Http;

/// <summary>The faults of a body's shape: the first are kept, the rest is counted, so that a body of faults costs no more than one.</summary>
internal sealed class ShapeFaults
{
    private readonly List<RequestFault> _kept = [];
    private long _more;

    /// <summary>The faults that were kept, and how many more there are.</summary>
    public IReadOnlyList<RequestFault> All => _more == 0 ? _kept : [.. _kept, InvalidRequestException.MoreFaults(_more)];

    /// <summary>Takes a fault; its texts are put together only where it is kept.</summary>
    /// <param name="of">What it is made of.</param>
    /// <param name="fault">Makes it.</param>
    public void Add<T>(T of, Func<T, RequestFault> fault)
    {
        if (_kept.Count < InvalidRequestException.MaxFaults - 1) _kept.Add(fault(of));
        else _more++;
    }
}
