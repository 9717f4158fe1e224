#requires -Version 7.6
# How the cmdlets are joined: by property name, by wildcard and path, with other threads, and with a pipeline that ends early.

BeforeAll {
    . "$PSScriptRoot/TestSession.ps1"
    $session = Enter-TestSession
    $run = Start-Backtest SP500 SmaCross | Get-BacktestProgress -Wait
    $other = Start-Backtest SP500 BuyAndHold | Get-BacktestProgress -Wait
}

AfterAll { Exit-TestSession $session }

Describe 'A pipeline' {
    It 'takes what any object calls BacktestId: <From>' -ForEach @(
        @{ From = 'a custom object'; Make = { [pscustomobject]@{ BacktestId = $run.BacktestId } } }
        @{ From = 'a CSV file'; Make = { "BacktestId`n$($run.BacktestId)" | ConvertFrom-Csv } }
        @{ From = 'JSON'; Make = { $run | ConvertTo-Json -EnumsAsStrings | ConvertFrom-Json } }
        @{ From = 'a string'; Make = { $run.BacktestId } }
        @{ From = 'a saved file'; Make = { $run | Save-BacktestResult -Path $TestDrive -Force -PassThru } }
    ) {
        (& $Make | Get-BacktestResult).BacktestId | Should -BeExactly $run.BacktestId
    }

    It 'starts a backtest for each symbol that comes down it, and one for an array' {
        @(Get-MarketData SYN-F* | Start-Backtest -Strategy BuyAndHold).Count | Should -Be 2
        @(Start-Backtest -Symbol SYN-FALL, SYN-FAST -Strategy BuyAndHold).Count | Should -Be 1
    }

    It 'starts a backtest from the columns of a table' {
        $started = "Symbol,Strategy`nSP500,BuyAndHold`nSYN-GROW,SmaCross" | ConvertFrom-Csv | Start-Backtest

        $started.Strategy | Should -Be 'BuyAndHold', 'SmaCross'
    }

    It 'keeps the order of what comes down it' {
        $ids = $other.BacktestId, $run.BacktestId, $other.BacktestId
        ($ids | Get-BacktestResult).BacktestId | Should -Be $ids
    }

    It 'goes on after an input that is wrong' {
        $got = $run.BacktestId, 'nobody', $other.BacktestId | Get-BacktestResult -ErrorVariable wrong -ErrorAction SilentlyContinue

        $got.BacktestId | Should -Be $run.BacktestId, $other.BacktestId
        $wrong.TargetObject | Should -Be 'nobody'
    }

    It 'has each result when it is there, and not all at the end' {
        # The second input is made only when the first has come out: were results collected, it would wait for itself.
        $seen = [System.Collections.Generic.List[string]]::new()
        & {
            $run.BacktestId
            if ($seen.Count -eq 1) { $other.BacktestId }
        } | Get-BacktestResult | ForEach-Object { $seen.Add($_.BacktestId) }

        $seen | Should -Be $run.BacktestId, $other.BacktestId
    }

    It 'that has seen enough ends at once, and the next one works' {
        Start-Backtest SP500 BuyAndHold | Get-BacktestProgress -Follow | Select-Object -First 1 | Should -Not -BeNullOrEmpty
        Get-MarketData SP500 -Bar | Select-Object -First 2 | Should -HaveCount 2
        Get-Backtest | Select-Object -First 1 | Should -HaveCount 1
    }

    It 'that has seen enough of a long run leaves the run as it is' {
        $sweep = @{ window = 2..60; oversold = 5..45; overbought = 50..95 }
        $first = Start-Backtest SP500 RsiReversion -Sweep $sweep -StopLoss 0.05 | Get-BacktestProgress -Follow | Select-Object -First 1

        $stopped = $first | Stop-Backtest -PassThru -Confirm:$false
        ($stopped | Get-BacktestProgress -Wait).Status | Should -Be 'Cancelled'
    }
}

Describe 'A path' {
    BeforeAll {
        $folder = New-Item (Join-Path $TestDrive 'results [1]') -ItemType Directory
        New-PSDrive -Name Results -PSProvider FileSystem -Root $folder.FullName -Scope Global | Out-Null
        $name = "backtest-result-$($run.BacktestId).json"
    }

    AfterAll { Remove-PSDrive Results -Scope Global }

    AfterEach { Get-ChildItem -LiteralPath $folder.FullName | Remove-Item }

    It 'may be on a drive of the session' {
        ($run | Save-BacktestResult -Path Results:/ -PassThru).FullName | Should -BeExactly (Join-Path $folder.FullName $name)
    }

    It 'is relative to the location of the session and not of the process' {
        Push-Location -LiteralPath $folder.FullName
        try { ($run | Save-BacktestResult -Path ./mine.json -PassThru).FullName | Should -BeExactly (Join-Path $folder.FullName 'mine.json') }
        finally { Pop-Location }
        Join-Path ([System.IO.Directory]::GetCurrentDirectory()) 'mine.json' | Should -Not -Exist
    }

    It 'has wildcards with -Path and none with -LiteralPath' {
        $run | Save-BacktestResult -Path "$TestDrive/results*"
        Test-Path -LiteralPath (Join-Path $folder.FullName $name) | Should -BeTrue
        $run | Save-BacktestResult -LiteralPath $folder.FullName -Force
        # As a pattern this is the folder "results 1", which is not there.
        { $run | Save-BacktestResult -Path $folder.FullName -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotUnique,*'
    }

    It 'of a file that was written is shown as Get-Item shows it' {
        $saved = $run | Save-BacktestResult -LiteralPath $folder.FullName -PassThru

        $saved.PSPath | Should -BeExactly (Get-Item -LiteralPath $saved.FullName).PSPath
        $saved | Out-String -Width 200 | Should -BeLike '*Directory: *'
    }

    It 'that Get-ChildItem gives is taken literally' {
        Set-Content -LiteralPath (Join-Path $folder.FullName 'MINE [a].csv') 'date,open,high,low,close,volume', '2020-01-02,1,2,1,1,10', '2020-01-03,1,2,1,1,10'

        Get-ChildItem -LiteralPath $folder.FullName | Test-MarketData -Quiet | Should -Not -BeNullOrEmpty
        Test-MarketData -LiteralPath (Join-Path $folder.FullName 'MINE [a].csv') -Quiet | Should -Not -BeNullOrEmpty
    }

    It 'with a pattern names saved results to report on' {
        $run, $other | Save-BacktestResult -LiteralPath $folder.FullName

        Export-BacktestReport -ResultPath Results:/*.json -Path Results:/ -PassThru | Should -HaveCount 2
    }
}

Describe 'Other threads' {
    It 'share the runner of the process: ForEach-Object -Parallel' {
        $module, $id = $session.Module, $run.BacktestId
        $ended = 'SP500', 'SYN-FALL', 'SYN-GROW', 'SYN-SIDE' | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:module
            Start-Backtest $_ SmaCross | Get-BacktestProgress -Wait
            Get-Backtest $using:id
        }

        $ended | Where-Object Status -NE Completed | Should -BeNullOrEmpty
        $ended | Should -HaveCount 8
    }

    It 'do as jobs what they do here: Start-ThreadJob' {
        $module, $id = $session.Module, $run.BacktestId
        $job = Start-ThreadJob { Import-Module $using:module; (Get-BacktestResult $using:id).Performance }
        $performance = $job | Receive-Job -Wait -AutoRemoveJob

        $performance | Should -Be ($run | Get-BacktestResult).Performance
    }

    It 'do as jobs of another process what they do here, with every figure: Start-Job' {
        $module, $id = $session.Module, $run.BacktestId
        $result = Start-Job { Import-Module $using:module; Get-BacktestResult $using:id } | Receive-Job -Wait -AutoRemoveJob

        $result.Performance.SharpeRatio | Should -Be ($run | Get-BacktestResult).Performance.SharpeRatio
        $result.Status | Should -BeOfType ([BacktestOps.Contracts.BacktestStatus])
        ($result | Get-BacktestProgress).BacktestId | Should -BeExactly $id
    }
}
