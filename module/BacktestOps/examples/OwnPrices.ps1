<#
.SYNOPSIS
From a vendor's file to a report: imports prices, says what is wrong with them, runs a strategy and writes its tear sheet.

.DESCRIPTION
It keeps to the language and the core commands, so it runs in pwsh 7.6 and in BacktestOps.Shell.

.PARAMETER Path
A file of Yahoo, Stooq, Alpha Vantage or LEAN, a Parquet file, or any CSV file with a header.

.PARAMETER Symbol
The symbol; what the file says when absent.

.PARAMETER Destination
The folder of the imported prices and of the report.

.EXAMPLE
pwsh ./OwnPrices.ps1 -Path ./AAPL.csv -Destination ./mine
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Path,

    [string] $Symbol,

    [string] $Destination = '.'
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module BacktestOps)) { Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'BacktestOps.psd1')) }

$named = if ($Symbol) { @{ Symbol = $Symbol } } else { @{} }
$imported = Import-MarketData -Path $Path -DataPath $Destination -Force @named

foreach ($series in $imported) {
    foreach ($note in $series.Notes) { $Host.UI.WriteLine("$($series.Symbol): $note") }
    foreach ($finding in $series.Findings | Where-Object Severity -NE 'Note') {
        $Host.UI.WriteWarningLine("$($finding.Path), line $($finding.Line): $($finding.Detail)")
    }

    $run = @{ Symbol = $series.Symbol; Strategy = 'SmaCross'; Parameter = @{ Fast = 20; Slow = 100 }; DataPath = $Destination }
    if ($series.HasAdjustedClose) { $run.Adjusted = $true }
    # The report of an earlier run of the same script is not in the way: each is named for its run.
    Start-Backtest @run | Get-BacktestProgress -Wait | Get-BacktestResult |
        Export-BacktestReport -Path $Destination -PassThru
}
