#requires -Version 7.6
# Tab is tested like code: what it offers, what it says of it, and that it never writes an error.

BeforeAll {
    . "$PSScriptRoot/TestSession.ps1"
    $session = Enter-TestSession
    $completed = Start-Backtest SP500 SmaCross | Get-BacktestProgress -Wait
    $cancelled = Start-Backtest SYN-GROW RsiReversion -Sweep @{ window = 2..100; oversold = 5..45; overbought = 50..95 } -StopLoss 0.05
    $cancelled | Stop-Backtest -Confirm:$false
    $cancelled | Get-BacktestProgress -Wait | Out-Null

    function Complete([string] $Typed) { @((TabExpansion2 -inputScript $Typed -cursorColumn $Typed.Length).CompletionMatches) }
}

AfterAll { Exit-TestSession $session }

Describe 'Tab' {
    It 'offers <Expected> after "<Typed>"' -ForEach @(
        @{ Typed = 'Start-Backtest '; Expected = 'SP500', 'SYN-CYCLE', 'SYN-FALL', 'SYN-FAST', 'SYN-GROW', 'SYN-SIDE', 'SYN-YOUNG' }
        @{ Typed = 'Start-Backtest sp'; Expected = 'SP500' }
        @{ Typed = 'Start-Backtest -Symbol SP500, syn-g'; Expected = 'SYN-GROW' }
        @{ Typed = 'Start-Backtest SP500 Sma'; Expected = 'SmaCross' }
        @{ Typed = 'Start-Backtest SP500 SmaCross -Parameter '; Expected = '@{ fast = 10; slow = 20 }' }
        @{ Typed = 'Start-Backtest SP500 SmaCross -Sizing F'; Expected = 'FixedCash', 'FixedShares' }
        @{ Typed = 'Start-Backtest SP500 SmaCross -Objective sharpe'; Expected = 'SharpeRatio' }
        @{ Typed = 'Start-Backtest SP500 SmaCross -Benchmark SP'; Expected = 'SP500' }
        @{ Typed = 'Get-MarketData SYN-S'; Expected = 'SYN-SIDE' }
        @{ Typed = 'Get-BacktestStrategy Buy'; Expected = 'BuyAndHold' }
        @{ Typed = 'Get-Backtest -Status Can'; Expected = 'Cancelled' }
        @{ Typed = 'Compare-BacktestResult -Figure MaxD'; Expected = 'MaxDrawdown' }
        @{ Typed = 'Get-DeploymentEvidence -Kind base'; Expected = 'baseline', "'baseline smoke'" }
        @{ Typed = 'Export-DeploymentReport ./r.md -TimeZone Asia/Seo'; Expected = 'Asia/Seoul' }
        @{ Typed = 'Export-DeploymentReport ./r.md -Culture '; Expected = 'en-US', 'ko-KR' }
        @{ Typed = 'Test-RollbackCriterion data'; Expected = 'data_loss' }
        @{ Typed = 'New-DeploymentPlan -Template N'; Expected = 'NodeBacktestService' }
    ) {
        (Complete $Typed).CompletionText | Should -Be $Expected
    }

    It 'offers the ids of runs newest first, and only completed ones where a result is wanted' {
        (Complete 'Get-BacktestProgress ').CompletionText | Should -Be $cancelled.BacktestId, $completed.BacktestId
        (Complete 'Get-BacktestResult ').CompletionText | Should -Be $completed.BacktestId
        (Complete 'Save-BacktestResult -Id ').CompletionText | Should -Be $completed.BacktestId
        (Complete "Export-BacktestReport $($completed.BacktestId.Substring(0, 8))").CompletionText | Should -Be $completed.BacktestId
    }

    It 'says what an id is' {
        (Complete 'Get-BacktestResult ')[0].ToolTip | Should -BeLike 'SmaCross SP500, Completed 100 %*'
    }

    It 'offers what the file has where a file of strategies is given' {
        $file = (Get-Module BacktestOps).ModuleBase + '/examples/Strategies.json'

        (Complete "Start-Backtest SP500 -StrategyPath '$file' -Strategy ").CompletionText | Should -Contain 'Dip'
        (Complete "Start-Backtest SP500 -StrategyPath '$file' -Strategy Dip -Parameter ").CompletionText | Should -BeExactly '@{ fast = 5; slow = 200; stop = 0.05 }'
    }

    It 'offers symbols of the data folder that was given, quoted where they must be' {
        New-Item "$TestDrive/prices" -ItemType Directory | Out-Null
        foreach ($name in 'MINE', 'TWO WORDS') { Set-Content "$TestDrive/prices/$name.csv" 'date,open,high,low,close,volume', '2020-01-02,1,2,1,1,10' }

        (Complete "Start-Backtest -DataPath '$TestDrive/prices' -Symbol ").CompletionText | Should -Be 'MINE', "'TWO WORDS'"
    }

    It 'knows what stands for -<Parameter>, wherever it is' -ForEach @(
        @{ Parameter = 'Symbol'; Except = 'Import-MarketData' }, @{ Parameter = 'Strategy' }, @{ Parameter = 'Figure' }, @{ Parameter = 'Benchmark' }
        @{ Parameter = 'Id' }, @{ Parameter = 'Kind' }, @{ Parameter = 'TimeZone' }, @{ Parameter = 'Objective' }, @{ Parameter = 'Deployment' }
    ) {
        $having = Get-Command -Module BacktestOps -ParameterName $Parameter | Where-Object { $_.Parameters.ContainsKey($Parameter) -and $_.Name -ne $Except }
        $having | Should -Not -BeNullOrEmpty

        $having | Where-Object { $_.Parameters[$Parameter].Attributes.TypeId -notcontains [System.Management.Automation.ArgumentCompleterAttribute] } |
            Should -BeNullOrEmpty
    }

    It 'writes no error, whatever cannot be asked' {
        $Error.Clear()
        Complete 'Get-Deployment -Plan nodrive:/none.json -Id ' | Out-Null
        Complete 'Invoke-Rollback -Version ' | Out-Null
        Complete 'Start-Backtest SP500 -StrategyPath ./none.json -Strategy ' | Out-Null
        Complete 'Stop-BacktestService -HomePath ./none -Port ' | Out-Null

        $Error | Should -BeNullOrEmpty
    }
}
