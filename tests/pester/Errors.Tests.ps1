#requires -Version 7.6
# An error says what was wrong, which input it was, what to do next, and under which id and category it can be caught.

BeforeAll {
    . "$PSScriptRoot/TestSession.ps1"
    $session = Enter-TestSession
    $run = Start-Backtest SP500 BuyAndHold | Get-BacktestProgress -Wait
    Push-Location $TestDrive
    Set-Content ./bad.csv 'date,open,high,low,close,volume', '2020-01-02,1,x,1,1,10'
    Set-Content ./plan.json '{ "name": 5 }'
    Set-Content ./there.json 'there'
    Set-Content ./result.json '{}'
}

AfterAll {
    Pop-Location
    Exit-TestSession $session
}

Describe 'An error of <Script>' -ForEach @(
    @{ Script = { Get-BacktestProgress nobody }; Id = 'BacktestNotFound'; Category = 'ObjectNotFound'; Target = 'nobody' }
    @{ Script = { Get-BacktestProgress nobody -Wait }; Id = 'BacktestNotFound'; Category = 'ObjectNotFound'; Target = 'nobody' }
    @{ Script = { Get-BacktestResult nobody }; Id = 'BacktestNotFound'; Category = 'ObjectNotFound'; Target = 'nobody' }
    @{ Script = { Stop-Backtest nobody }; Id = 'BacktestNotFound'; Category = 'ObjectNotFound'; Target = 'nobody' }
    @{ Script = { Start-Backtest SP50 SmaCross }; Id = 'InvalidRequest'; Category = 'InvalidArgument'; Target = 'SP50' }
    @{ Script = { Start-Backtest SP500 SmaCross @{ Fast = 'x' } }; Id = 'InvalidRequest'; Category = 'InvalidArgument'; Target = 'SP500' }
    @{ Script = { Start-Backtest SP500 -Entry 'close > smaa(close, 5)' }; Id = 'InvalidRequest'; Category = 'InvalidArgument'; Target = 'SP500' }
    @{ Script = { Start-Backtest SP500 -StrategyPath ./none.json }; Id = 'StrategyFileNotFound'; Category = 'ObjectNotFound'; Target = 'SP500' }
    @{ Script = { Get-BacktestStrategy Nothing }; Id = 'UnknownStrategy'; Category = 'ObjectNotFound'; Target = 'Nothing' }
    @{ Script = { Get-MarketData NOTHING }; Id = 'UnknownSymbol'; Category = 'ObjectNotFound'; Target = 'NOTHING' }
    @{ Script = { Import-MarketData ./bad.csv }; Id = 'MarketDataInvalid'; Category = 'InvalidData'; Target = '*bad.csv' }
    @{ Script = { Import-MarketData ./none*.csv }; Id = 'PathNotFound'; Category = 'ObjectNotFound'; Target = './none*.csv' }
    @{ Script = { Test-MarketData ./none.csv }; Id = 'PathNotFound'; Category = 'ObjectNotFound'; Target = './none.csv' }
    @{ Script = { Test-DeploymentReport ./none*.md }; Id = 'PathNotFound'; Category = 'ObjectNotFound'; Target = './none*.md' }
    @{ Script = { Test-MarketData nodrive:/a.csv }; Id = 'DriveNotFound'; Category = 'ObjectNotFound'; Target = 'nodrive:/a.csv' }
    @{ Script = { Test-MarketData Env:/PATH }; Id = 'PathNotInFileSystem'; Category = 'InvalidArgument'; Target = 'Env:/PATH' }
    @{ Script = { $run | Save-BacktestResult -Path ./none/a.json }; Id = 'FolderNotFound'; Category = 'ObjectNotFound'; Target = '20*' }
    @{ Script = { $run | Save-BacktestResult -Path ./there.json }; Id = 'ResultFileExists'; Category = 'ResourceExists'; Target = '20*' }
    @{ Script = { Export-BacktestReport -ResultPath ./result.json }; Id = 'ResultUnreadable'; Category = 'InvalidData'; Target = '*result.json' }
    @{ Script = { Stop-BacktestService -Port 1 }; Id = 'ServiceNotFound'; Category = 'ObjectNotFound'; Target = '1' }
) {
    It 'names its input and what to do, and does not end the pipeline' {
        $ErrorActionPreference = 'Continue'

        $wrong = @(& $Script 2>&1)

        $wrong | Should -HaveCount 1
        $wrong.FullyQualifiedErrorId | Should -BeLike "$Id,BacktestOps.PowerShell.*Command"
        $wrong.CategoryInfo.Category | Should -Be $Category
        "$($wrong.TargetObject)" | Should -BeLike $Target
        $wrong.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $wrong.Exception.Message | Should -Not -Match ' at BacktestOps\.|Exception:'
    }
}

Describe 'An error that leaves nothing to go on with, of <Script>,' -ForEach @(
    @{ Script = { Connect-BacktestService http://127.0.0.1:1 }; Id = 'BacktestUnavailable'; Category = 'ConnectionError'; Target = 'http://127.0.0.1:1/' }
    @{ Script = { Test-DeploymentHealth }; Id = 'NotConnected'; Category = 'ConnectionError'; Target = '' }
    @{ Script = { Get-Deployment -Plan ./none.json }; Id = 'DeploymentPlanNotFound'; Category = 'ObjectNotFound'; Target = './none.json' }
    @{ Script = { Get-Deployment -Plan ./plan.json }; Id = 'InvalidDeploymentPlan'; Category = 'InvalidData'; Target = './plan.json' }
    @{ Script = { Get-DeploymentEvidence -Evidence ./none.jsonl }; Id = 'LedgerNotFound'; Category = 'ObjectNotFound'; Target = './none.jsonl' }
    @{ Script = { $run | Save-BacktestResult -Path './n*ne' }; Id = 'PathNotUnique'; Category = 'InvalidArgument'; Target = './n*ne' }
    @{ Script = { Get-MarketData -DataPath nodrive:/ }; Id = 'DriveNotFound'; Category = 'ObjectNotFound'; Target = '' }
) {
    It 'is terminating, and says as much' {
        $wrong = $Script | Should -Throw -ErrorId "$Id,BacktestOps.PowerShell.*Command" -PassThru

        $wrong.CategoryInfo.Category | Should -Be $Category
        "$($wrong.TargetObject)" | Should -BeExactly $Target
        $wrong.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }
}

Describe 'A request with several faults' {
    It 'is told all of them at once' {
        $wrong = { Start-Backtest -Symbol SP50 -Strategy SmaCross -Parameter @{ Fast = 50; Slow = 20 } -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidRequest,*' -PassThru

        $wrong.Exception.Message | Should -BeLike '*fast*'
        $wrong.Exception.Message | Should -BeLike '*SP50*'
    }
}

Describe 'A script' {
    It 'decides with -ErrorAction what an error does' {
        Get-BacktestResult nobody -ErrorAction SilentlyContinue -ErrorVariable wrong | Should -BeNullOrEmpty
        $wrong | Should -HaveCount 1
        { Get-BacktestResult nobody -ErrorAction Stop } | Should -Throw -ErrorId 'BacktestNotFound,*'
        $Error.Clear()
        Get-BacktestResult nobody -ErrorAction Ignore
        $Error | Should -BeNullOrEmpty
    }

    It 'decides with $ErrorActionPreference what an error does' {
        & { $ErrorActionPreference = 'SilentlyContinue'; Get-BacktestResult nobody; 'went on' } | Should -Be 'went on'
        { & { $ErrorActionPreference = 'Stop'; Get-BacktestResult nobody; 'went on' } } | Should -Throw -ErrorId 'BacktestNotFound,*'
    }

    It 'can catch by type, since the types of errors are in the session' {
        $caught = try { Get-BacktestResult nobody -ErrorAction Stop } catch [BacktestOps.Contracts.BacktestNotFoundException] { 'this one' } catch { 'another' }

        $caught | Should -Be 'this one'
    }

    It 'may be strict' {
        Set-StrictMode -Version Latest
        $result = Start-Backtest SP500 SmaCross | Get-BacktestProgress -Wait | Get-BacktestResult

        $result, (Get-MarketData), (Get-BacktestStrategy), (Get-BacktestService), (Get-Backtest) | Out-String | Should -Not -BeNullOrEmpty
        $result | Format-List | Out-String | Should -BeLike '*Sharpe*'
    }

    It 'is told with -Verbose who was asked and what was written' {
        $said = $run | Save-BacktestResult -Path "$TestDrive/said.json" -Verbose 4>&1 | Out-String -Width 500

        $said | Should -BeLike "*Asked: $($session.Home)*"
        $said | Should -BeLike "*Wrote '*said.json', * bytes, SHA-256 $($run.ResultDigest)*"
    }
}

Describe 'A time' {
    It 'may be <Given>' -ForEach @{ Given = 5 }, @{ Given = '5' }, @{ Given = '5s' }, @{ Given = '0.1m' }, @{ Given = '500ms' }, @{ Given = [timespan] '0:0:5' } {
        Get-BacktestProgress $run.BacktestId -Wait -Timeout $Given | Should -Not -BeNullOrEmpty
    }

    It 'may not be <Given>' -ForEach @{ Given = 0 }, @{ Given = -1 }, @{ Given = '2 weeks' }, @{ Given = '30h' } {
        { Get-BacktestProgress $run.BacktestId -Wait -Timeout $Given } | Should -Throw -ErrorId '*Argument*,BacktestOps.PowerShell.*'
    }
}
