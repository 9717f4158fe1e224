#requires -Version 7.6
# What people see, in windows of any width and cultures of any comma, and what programs read of the same objects.

BeforeAll {
    . "$PSScriptRoot/TestSession.ps1"
    $session = Enter-TestSession
    $run = Start-Backtest SP500 SmaCross -From 2019-01-01 -Benchmark SP500 | Get-BacktestProgress -Wait
    $result = $run | Get-BacktestResult

    function Show($What, [int] $Width = 120) { @(($What | Out-String -Width $Width) -split '\r?\n' | Where-Object { $_.Trim() }) }
}

AfterAll { Exit-TestSession $session }

Describe 'A table' {
    It 'shows whole columns or none in a window of <_>' -ForEach 80, 120 {
        $views = ([xml] (Get-Content (Join-Path (Get-Module BacktestOps).ModuleBase 'BacktestOps.format.ps1xml') -Raw)).Configuration.ViewDefinitions.View
        $tables = @($views | Where-Object TableControl)

        $wrong = foreach ($view in $tables) {
            $lines = @(Show ([pscustomobject] @{ PSTypeName = @($view.ViewSelectedBy.TypeName)[0]; Nothing = $true }) $_)
            $rule = [array]::FindIndex($lines, [System.Predicate[object]] { $args[0] -match '^[- ]+$' })
            # A column that is squeezed has its label broken over several lines, or cut.
            $header = @($lines[0..($rule - 1)] | Where-Object { $_ -notmatch '^\s+\w+: ' })
            $rest = $header[0].Trim()
            foreach ($label in $view.TableControl.TableHeaders.TableColumnHeader.Label) {
                if ($rest.StartsWith($label)) { $rest = $rest.Substring($label.Length).TrimStart() }
            }
            if ($header.Count -ne 1 -or $rest) { "$($view.Name): $($header -join ' / ')" }
        }

        $tables.Count | Should -BeGreaterThan 30
        $wrong | Should -BeNullOrEmpty
    }
}

Describe 'What people see' {
    It 'is short where there is much: <Name>' -ForEach @(
        @{ Name = 'a run'; Make = { $run }; Lines = 3 }
        @{ Name = 'a result'; Make = { $result }; Lines = 3 }
        @{ Name = 'trades'; Make = { $result.Trades[0..1] }; Lines = 4 }
        @{ Name = 'months'; Make = { $result.MonthlyReturns }; Lines = 4 }
        @{ Name = 'equity'; Make = { $result.EquityCurve[0..3] }; Lines = 6 }
    ) {
        foreach ($width in 80, 120) { Show (& $Make) $width | Should -HaveCount $Lines }
    }

    It 'names a strategy in full, which is to be typed' {
        foreach ($strategy in (Get-BacktestStrategy).Name) {
            Show (Get-BacktestStrategy) 80 | Where-Object { $_ -match "^$strategy " } | Should -HaveCount 1
        }
    }

    It 'is a list of all figures when asked for' {
        $list = Show ($result.Performance | Format-List) 80

        $list | Should -Contain 'Sharpe ratio      : 0.006'
        ($list -match '^\S').Count | Should -BeGreaterThan 30
    }
}

Describe 'What programs read' {
    It 'is JSON with every property, of <Name>' -ForEach @(
        @{ Name = 'a run'; Make = { $run } }
        @{ Name = 'a performance'; Make = { $result.Performance } }
        @{ Name = 'a trade'; Make = { $result.Trades[0] } }
        @{ Name = 'a symbol'; Make = { Get-MarketData SP500 } }
        @{ Name = 'a bar'; Make = { Get-MarketData SP500 -Bar -From 2020-04-17 } }
        @{ Name = 'a check'; Make = { Test-DeploymentHealth http://127.0.0.1:1 | Select-Object -First 1 } }
    ) {
        $made = & $Make

        $read = $made | ConvertTo-Json -EnumsAsStrings -WarningAction Stop | ConvertFrom-Json

        $read.PSObject.Properties.Name | Should -Be $made.PSObject.Properties.Name
    }

    It 'is a table of plain numbers: ConvertTo-Csv' {
        $read = $result.EquityCurve | ConvertTo-Csv | ConvertFrom-Csv

        [double]::Parse($read[-1].Equity, [cultureinfo]::InvariantCulture) | Should -Be $result.EquityCurve[-1].Equity
    }

    It 'has no number that was made for display' {
        $result.Performance.TotalReturn, $result.Trades[0].Profit | Should -BeOfType [double]
        $run.AcceptedAt | Should -BeOfType [System.DateTimeOffset]
    }
}

Describe 'In the culture <_>' -ForEach 'ko-KR', 'de-DE', 'tr-TR' {
    It 'the same request gives the same figures, and the same document' {
        $seen = Invoke-Runspace -Variables @{ module = $session.Module; culture = $_; folder = "$TestDrive" } -Script {
            [cultureinfo]::CurrentCulture = [cultureinfo]::CurrentUICulture = $culture
            Import-Module $module
            $run = Start-Backtest SP500 smacross -Parameter @{ FAST = '10'; slow = 20 } -From 2019-01-01 -Benchmark SP500 | Get-BacktestProgress -Wait
            ($run | Get-BacktestResult).Performance
            [System.IO.File]::ReadAllText(($run | Save-BacktestResult -Path $folder -PassThru).FullName)
            ($run | Export-BacktestReport -Path $folder -PassThru).FullName
        }

        $seen.Errors | Should -BeNullOrEmpty
        $seen.Output[0] | Should -Be $result.Performance
        ($seen.Output[1] | ConvertFrom-Json).performance.total_return | Should -Be $result.Performance.TotalReturn
        $language = $_ -eq 'ko-KR' ? 'ko' : 'en'
        Get-Content $seen.Output[2] -Raw | Should -BeLike "*<html lang=""$language""*"
    }
}
