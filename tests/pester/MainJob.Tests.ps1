#requires -Version 7.6
# What the module is for: a backtest started, watched and saved, in the session and over HTTP, with the same figures.

BeforeAll {
    . "$PSScriptRoot/TestSession.ps1"
    $session = Enter-TestSession
    $service = Start-BacktestService -Port 0
}

AfterAll {
    Disconnect-BacktestService
    Exit-TestSession $session
}

Describe 'A backtest <Where>' -ForEach @{ Where = 'in the session'; Connected = $false }, @{ Where = 'over HTTP'; Connected = $true } {
    BeforeAll {
        if ($Connected) { $service | Connect-BacktestService | Out-Null } else { Disconnect-BacktestService }
    }

    It 'is answered by the one who should' {
        $who = Get-BacktestService
        $who.Kind | Should -Be ($Connected ? 'Http' : 'Embedded')
        $who.Status | Should -BeExactly ($Connected ? 'healthy' : 'embedded')
    }

    It 'is started, watched and saved by one pipeline' {
        $saved = Start-Backtest -Symbol SP500 -Strategy SmaCross -Parameter @{ Fast = 10; Slow = 20 } |
            Get-BacktestProgress -Wait |
            Save-BacktestResult -Path $TestDrive -PassThru

        $saved.Name | Should -Match '^backtest-result-[a-z0-9-]+\.json$'
        $json = Get-Content $saved.FullName -Raw | ConvertFrom-Json
        $json.status | Should -BeExactly 'completed'
        $json.performance.total_trades | Should -BeGreaterThan 100
        $json.performance.max_drawdown | Should -BeLessThan 0
        (Get-ChildItem $TestDrive -Filter *.tmp) | Should -BeNullOrEmpty
    }

    It 'takes a strategy of the file that ships, with its waiting orders and stops' {
        $file = Join-Path (Get-Module BacktestOps).ModuleBase 'examples/Strategies.json'

        $result = Start-Backtest SP500 -StrategyPath $file -Strategy Dip -SpreadBasisPoints 2 |
            Get-BacktestProgress -Wait | Get-BacktestResult

        $result.Conventions.Intrabar | Should -BeExactly 'stop_before_target_gaps_at_open'
        $result.Trades.ExitReason | Should -Contain 'TrailingStop'
        $result.Performance.CostsPaid | Should -BeGreaterThan 0
    }

    It 'sweeps, and gives every variant on request' {
        $run = Start-Backtest SP500 SmaCross -Sweep @{ Fast = 2..6; Slow = 20..25 } -FractionalShares | Get-BacktestProgress -Wait
        $folder = New-Item (Join-Path $TestDrive "sweep-$Connected") -ItemType Directory

        $files = $run | Save-BacktestResult -Path $folder -IncludeVariants -PassThru

        $files.Count | Should -Be 2
        ($run | Get-BacktestResult).Sweep.Top[0].Parameters.Keys | Sort-Object | Should -Be 'fast', 'slow'
    }
}

Describe 'Session and service' {
    It 'give the same figures for the same request' {
        $request = @{ Symbol = 'SP500'; Strategy = 'SmaCross'; Parameter = @{ Fast = 5; Slow = 30 }; CommissionRate = 0.001 }
        $service | Connect-BacktestService | Out-Null
        $overHttp = Start-Backtest @request | Get-BacktestProgress -Wait | Get-BacktestResult
        Disconnect-BacktestService
        $inSession = Start-Backtest @request | Get-BacktestProgress -Wait | Get-BacktestResult

        $overHttp.Performance | Should -Be $inSession.Performance
        ($overHttp.Trades | ConvertTo-Json) | Should -BeExactly ($inSession.Trades | ConvertTo-Json)
    }
}

Describe 'A connection' {
    It 'belongs to its runspace' {
        $service | Connect-BacktestService | Out-Null
        $other = Invoke-Runspace -Variables @{ module = $session.Module } -Script { Import-Module $module; "$((Get-BacktestService).Kind)" }

        $other.Output | Should -Be 'Embedded'
        (Get-BacktestService).Kind | Should -Be 'Http'
    }

    It 'does not outlive its module' {
        $service | Connect-BacktestService | Out-Null
        Import-Module $session.Module -Force

        (Get-BacktestService).Kind | Should -Be 'Embedded'
    }
}

Describe 'The service' {
    It 'is healthy, field by field' {
        Test-DeploymentHealth $service.Uri -Field @{ status = 'healthy'; 'services.database' = 'connected'; 'services.python_worker' = 'disabled' } |
            ForEach-Object { $_.Verdict | Should -Be 'Pass' -Because "$($_.Name) $($_.Detail)" }
    }

    It 'is not healthy when a field is missing or of another type' {
        $service | Test-DeploymentHealth -Field @{ 'services.cache' = 'connected' } -Quiet | Should -BeFalse
        $service | Test-DeploymentHealth -Field @{ version = 0.1 } -Quiet | Should -BeFalse
    }

    It 'is found again by another session, which can stop it' {
        $other = Invoke-Runspace -Variables @{ module = $session.Module; port = $service.Port } -Script {
            Import-Module $module
            $found = Get-BacktestService -Local -Port $port
            $found.Uri.ToString()
            ($found | Stop-BacktestService -PassThru -Confirm:$false).IsRunning
        }

        $other.Errors | Should -BeNullOrEmpty
        $other.Output | Should -Be $service.Uri.ToString(), $false
        Test-DeploymentHealth $service.Uri -Quiet | Should -BeFalse
    }
}

Describe 'Prices of one''s own' {
    It 'are imported, looked at, run and reported' {
        $rows = 0..199 | ForEach-Object {
            $low = if ($_ -eq 77) { 5 } else { 98 + $_ % 9 }
            '{0:yyyy-MM-dd},{1},{2},{3},{1},{1},1000' -f ([datetime] '2020-01-01').AddDays($_), (100 + $_ % 9), (103 + $_ % 9), $low
        }
        Set-Content "$TestDrive/MINE.csv" (@('Date,Open,High,Low,Close,Adj Close,Volume') + $rows)

        $import = Import-MarketData "$TestDrive/MINE.csv"
        $import.Format | Should -Be 'Yahoo'
        (Test-MarketData $import.Path).Kind | Should -Be 'BadPrint'

        $page = Start-Backtest MINE BuyAndHold | Get-BacktestProgress -Wait | Export-BacktestReport -Path $TestDrive -PassThru
        Get-Content $page.FullName -Raw | Should -BeLike '*1 price is supported by no price beside it*'
    }
}
