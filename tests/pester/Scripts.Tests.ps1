#requires -Version 7.6
# Scripts that nobody watches: their exit codes, their output, and the examples that ship.

BeforeAll {
    . "$PSScriptRoot/TestSession.ps1"
    $session = Enter-TestSession
    $examples = Join-Path (Get-Module BacktestOps).ModuleBase 'examples'
}

AfterAll { Exit-TestSession $session }

Describe 'pwsh -File' {
    It 'ends with 0 for a scheduled script that went well, and its output is plain text' {
        $script = Join-Path $TestDrive 'nightly.ps1'
        Set-Content $script @'
param($Module, $Folder)
$ErrorActionPreference = 'Stop'
$ConfirmPreference = 'Low'
Set-StrictMode -Version Latest
Import-Module $Module
$ended = Start-Backtest SP500 SmaCross -Confirm:$false | Get-BacktestProgress -Wait
$ended | Save-BacktestResult -Path $Folder -Confirm:$false
$ended
$ended | Get-BacktestResult
$ended | Stop-Backtest -Confirm:$false
'@
        $ran = Invoke-Pwsh '-File', $script, $session.Module, $TestDrive

        $ran.Errors | Should -BeNullOrEmpty
        $ran.ExitCode | Should -Be 0
        $ran.Output | Should -BeLike '*Completed*SmaCross*'
        $ran.Output | Should -Not -Match '\x1b'
        Get-ChildItem $TestDrive -Filter backtest-result-*.json | Should -HaveCount 1
    }

    It 'ends with 1 for an error of a script that stops at errors, which says what to do' {
        $script = Join-Path $TestDrive 'failing.ps1'
        Set-Content $script @'
param($Module)
$ErrorActionPreference = 'Stop'
Import-Module $Module
Get-BacktestResult nobody
'went on'
'@
        $ran = Invoke-Pwsh '-File', $script, $session.Module

        $ran.ExitCode | Should -Be 1
        $ran.Output | Should -Not -BeLike '*went on*'
        $ran.Errors | Should -BeLike "*There is no backtest 'nobody'*"
        $ran.Errors | Should -BeLike '*List the runs with Get-Backtest*'
    }

    It 'ends with what a check says, as the help has it' {
        $ran = Invoke-Pwsh '-Command', "Import-Module '$($session.Module)'; if (-not (Test-DeploymentHealth http://127.0.0.1:1 -Quiet)) { exit 3 }"

        $ran.ExitCode | Should -Be 3
        $ran.Errors | Should -BeNullOrEmpty
    }
}

Describe 'The example' {
    It 'MainJob does the main job in the session and over HTTP, and stops its service' {
        $seen = Invoke-Runspace -Variables @{ script = "$examples/MainJob.ps1"; folder = "$TestDrive/job" } -Script { & $script -Path $folder }

        $seen.Errors | Should -BeNullOrEmpty
        Get-ChildItem "$TestDrive/job" -Filter backtest-result-*.json | Should -HaveCount 4
        Get-BacktestService -Local | Should -BeNullOrEmpty
    }

    It 'CompareStrategies puts the best first' {
        $rows = & "$examples/CompareStrategies.ps1" -Symbol SP500, SYN-CYCLE

        $rows | Should -HaveCount 14
        $sharpe = $rows.Sharpe | Where-Object { $_ -ne '-' } | ForEach-Object { [double] $_ }
        $sharpe | Should -Be ($sharpe | Sort-Object -Descending)
    }

    It 'OwnPrices goes from a vendor''s file to a report' {
        $bars = Get-MarketData SYN-GROW -Bar -From 2015-01-01
        $bars | Select-Object @{ n = 'Date'; e = { $_.Date.ToString('yyyy-MM-dd') } }, Open, High, Low, Close, Volume | Export-Csv "$TestDrive/VENDOR.csv" -UseQuotes Never

        $report = & "$examples/OwnPrices.ps1" -Path "$TestDrive/VENDOR.csv" -Destination $TestDrive

        $report.Name | Should -BeLike 'backtest-report-*.html'
        Join-Path $TestDrive 'VENDOR.csv' | Should -Exist
    }
}
