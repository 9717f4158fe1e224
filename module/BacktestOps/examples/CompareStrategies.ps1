<#
.SYNOPSIS
Runs several parameters of SmaCross beside BuyAndHold on some symbols and shows which did best.

.DESCRIPTION
Runs in the session, or on the service that the session is connected to. It keeps to the language and the core
commands, so it runs in pwsh 7.6 and in BacktestOps.Shell.

.PARAMETER Symbol
The symbols, each on its own.

.PARAMETER From
The first day.

.EXAMPLE
pwsh ./CompareStrategies.ps1 -Symbol SP500 -From 2010-01-01
#>
[CmdletBinding()]
param(
    [string[]] $Symbol = @('SP500'),

    [datetime] $From = '2005-01-01'
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module BacktestOps)) { Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'BacktestOps.psd1')) }

# Everything is started before anything is waited for, so the runs use all the processors there are.
$started = foreach ($name in $Symbol) {
    Start-Backtest -Symbol $name -Strategy BuyAndHold -From $From
    foreach ($fast in 10, 20, 50) {
        foreach ($slow in 100, 200) {
            Start-Backtest -Symbol $name -Strategy SmaCross -Parameter @{ Fast = $fast; Slow = $slow } -From $From
        }
    }
}

$ended = @($started | Get-BacktestProgress -Wait)
$results = @($ended | Where-Object Status -EQ 'Completed' | Get-BacktestResult)
foreach ($run in $ended | Where-Object Status -NE 'Completed') {
    $Host.UI.WriteWarningLine("$($run.BacktestId) ended as $($run.Status): $($run.Error)")
}

# Best Sharpe ratio first; what traded too little to have one comes last.
[array]::Sort($results, [System.Comparison[object]] {
        param($a, $b)
        $left, $right = foreach ($result in $a, $b) { $result.Performance.SharpeRatio ?? [double]::NegativeInfinity }
        $right.CompareTo($left)
    })

# Four columns: what has more is shown as a list where there is no Format-Table.
foreach ($result in $results) {
    $parameters = $result.Request.Parameters.GetEnumerator() | ForEach-Object { "$($_.Key) $($_.Value)" }
    [pscustomobject]@{
        Run      = "$($result.Symbols -join ', '): $($result.Strategy) $($parameters -join ', ')"
        Return   = '{0:P1}' -f $result.Performance.TotalReturn
        Sharpe   = if ($null -eq $result.Performance.SharpeRatio) { '-' } else { '{0:0.00}' -f $result.Performance.SharpeRatio }
        Drawdown = '{0:P1}' -f $result.Performance.MaxDrawdown
    }
}
