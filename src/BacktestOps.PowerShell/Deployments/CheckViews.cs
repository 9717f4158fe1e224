using System.Management.Automation;
using BacktestOps.Contracts;

namespace BacktestOps.PowerShell.Deployments;

/// <summary>Checks of many subjects, which are shown without grouping by them.</summary>
internal static class CheckViews
{
    private const string TypeName = "BacktestOps.Contracts.CheckResult#Readiness";

    public static PSObject OfMany(CheckResult check)
    {
        var shown = new PSObject(check);
        shown.TypeNames.Insert(0, TypeName);
        return shown;
    }
}
