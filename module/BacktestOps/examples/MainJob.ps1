<#
.SYNOPSIS
The main job: backtests in the session and over HTTP, watched, saved, compared, and the service checked.

.DESCRIPTION
Runs two backtests on the bundled prices in this session, then the same two on a service that it starts and stops
again, and compares the results. Fails with a terminating error, so that the exit code is 1, if anything does not work.

It keeps to the language and the core commands, so it runs in pwsh 7.6 and in BacktestOps.Shell.

.PARAMETER Path
The folder for the results, and for what the session and the service keep (in its home/ folder, unless
BACKTESTOPS_HOME names another).

.PARAMETER Port
The service's port on this machine; 0 takes one that is free.

.EXAMPLE
pwsh ./MainJob.ps1 -Path ./backtest-results
#>
[CmdletBinding()]
param(
    [string] $Path = 'backtest-results',

    [ValidateRange(0, 65535)]
    [int] $Port = 0
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3

$module = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..', 'BacktestOps.psd1'))
if (-not [System.IO.Directory]::Exists([System.IO.Path]::Combine($PSScriptRoot, '..', 'bin'))) {
    throw "$module is not built. Run 'build.ps1 -Task Build' and this script from the built module's examples folder."
}

function Say([string] $Text) { $Host.UI.WriteLine(); $Host.UI.WriteLine($Text) }

function Get-FreePort {
    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $listener.Start()
    try { $listener.LocalEndpoint.Port } finally { $listener.Stop() }
}

# Starts both backtests at once, watches them to the end and saves their results; gives the results as objects.
function Invoke-Job([string] $Folder, [string[]] $Stock) {
    $started = @(
        Start-Backtest -Symbol SP500 -Strategy SmaCross -Parameter @{ Fast = 50; Slow = 200 }
        Start-Backtest -Symbol $Stock -Strategy SmaCross -Parameter @{ Fast = 20; Slow = 60 }
    )
    $ended = @($started | Get-BacktestProgress -Wait)
    $ended | Out-Host
    foreach ($run in $ended) {
        if ("$($run.Status)" -ne 'Completed') { throw "Backtest $($run.BacktestId) ended as $($run.Status): $($run.Error)" }
    }

    foreach ($file in $ended | Save-BacktestResult -Path $Folder -PassThru) {
        $document = [System.Text.Json.JsonDocument]::Parse([System.IO.File]::ReadAllText($file.FullName))
        try { $total = $document.RootElement.GetProperty('performance').GetProperty('total_return').GetDouble() } finally { $document.Dispose() }
        $Host.UI.WriteLine(('Saved {0} ({1:N0} bytes, total_return {2:P2})' -f $file.FullName, $file.Length, $total))
    }
    # In the order in which they were started: a wait gives each run when it ends.
    $started | Get-BacktestResult
}

$folder = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
[System.IO.Directory]::CreateDirectory($folder) | Out-Null
$homeBefore = $env:BACKTESTOPS_HOME
if (-not $env:BACKTESTOPS_HOME) { $env:BACKTESTOPS_HOME = [System.IO.Path]::Combine($folder, 'home') }
$service = $null

try {
    Import-Module $module -Force

    Say 'Strategies and market data'
    Get-BacktestStrategy | Out-Host
    $symbols = @(Get-MarketData)
    $symbols | Out-Host
    $stocks = @($symbols | Where-Object Symbol -NE 'SP500' | ForEach-Object Symbol)[0..2]

    Say 'In this session: two backtests'
    $local = @(Invoke-Job $folder $stocks)
    $local | Out-Host

    if ($Port -eq 0) { $Port = Get-FreePort }
    Say "Over HTTP: the same on a service at port $Port"
    $service = Start-BacktestService -Port $Port
    $service | Out-Host
    Connect-BacktestService -Uri $service.Uri | Out-Host
    $remote = @(Invoke-Job $folder $stocks)
    $remote | Out-Host

    Say 'The health of the service'
    Test-DeploymentHealth -Uri $service.Uri | Out-Host
    if (-not (Test-DeploymentHealth -Uri $service.Uri -Quiet)) { throw "The service at $($service.Uri) is not healthy; its log is $($service.LogPath)." }

    for ($i = 0; $i -lt $local.Count; $i++) {
        if ($local[$i].Performance -ne $remote[$i].Performance) {
            throw "Backtests $($local[$i].BacktestId) (session) and $($remote[$i].BacktestId) (service) differ in performance."
        }
    }
    Say "Session and service agree on the performance of all $($local.Count) backtests."
}
finally {
    if ($service) {
        Disconnect-BacktestService
        Stop-BacktestService -Port $service.Port -HomePath $service.HomePath
        $Host.UI.WriteLine("Stopped the service at port $($service.Port).")
    }
    $env:BACKTESTOPS_HOME = $homeBefore
}

Say "The results are in $folder"
