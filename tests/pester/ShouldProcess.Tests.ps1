#requires -Version 7.6
# What changes something says so with -WhatIf, asks with -Confirm, and never asks where nobody is there to answer.

BeforeAll {
    . "$PSScriptRoot/TestSession.ps1"
    $session = Enter-TestSession
    $run = Start-Backtest SP500 BuyAndHold | Get-BacktestProgress -Wait
    Set-Content "$TestDrive/MINE.csv" 'Date,Open,High,Low,Close,Volume', '2020-01-02,1,2,1,1,10', '2020-01-03,1,2,1,1,10'

    # What is said with -WhatIf goes to the host, not down the pipeline; another shell's host keeps it.
    function Get-Said([string] $Script) {
        $ran = Invoke-Runspace -Variables @{ module = $session.Module; id = $run.BacktestId; drive = "$TestDrive" } -Script @"
Import-Module `$module
Set-Location `$drive
`$transcript = Join-Path ([System.IO.Path]::GetTempPath()) "said-`$([guid]::NewGuid())"
Start-Transcript `$transcript | Out-Null
try { $Script | Out-Null } finally { Stop-Transcript | Out-Null; [System.IO.File]::ReadAllText(`$transcript); [System.IO.File]::Delete(`$transcript) }
"@
        $ran.Errors | Should -BeNullOrEmpty
        $ran.Output -join "`n"
    }
}

AfterAll { Exit-TestSession $session }

Describe '-WhatIf' {
    It 'says what would be done and to what: <Script>' -ForEach @(
        @{ Script = 'Start-Backtest SP500 SmaCross -WhatIf'; Says = '*"Start a backtest" on target "SmaCross on SP500"*' }
        @{ Script = 'Stop-Backtest $id -WhatIf'; Says = '*"Stop the backtest" on target "20*' }
        @{ Script = 'Save-BacktestResult $id -Path . -WhatIf'; Says = '*"Save the result" on target "*backtest-result-*.json"*' }
        @{ Script = 'Export-BacktestReport $id -WhatIf'; Says = '*"Export the report" on target "*backtest-report-*.html"*' }
        @{ Script = 'Import-MarketData ./MINE.csv -WhatIf'; Says = '*"Import the market data of MINE" on target "*MINE.csv"*' }
        @{ Script = 'Start-BacktestService -Port 0 -WhatIf'; Says = '*"Start the service" on target "port 0, home *' }
        @{ Script = 'Stop-BacktestService -Port 1 -WhatIf'; Says = '*"Stop the service" on target "port 1, home *' }
        @{ Script = 'Invoke-SmokeTest http://127.0.0.1:1 -WhatIf'; Says = '*on target "http://127.0.0.1:1/"*' }
        @{ Script = 'New-DeploymentPlan ./plan.json -WhatIf'; Says = '*on target "*plan.json"*' }
    ) {
        $before = @(Get-ChildItem $session.Home, $TestDrive -Recurse -File | Where-Object Name -NotLike '*.db*').FullName

        Get-Said $Script | Should -BeLike "*What if: Performing the operation $Says"

        @(Get-Backtest).Count | Should -Be 1
        @(Get-BacktestService -Local).Count | Should -Be 0
        @(Get-ChildItem $session.Home, $TestDrive -Recurse -File | Where-Object Name -NotLike '*.db*').FullName | Should -Be $before
    }
}

Describe 'Confirmation' {
    It 'is offered by whatever changes something, and by nothing that reads' {
        foreach ($command in Get-Command -Module BacktestOps) {
            # What reads may write down what it read where it is asked to.
            $changes = $command.Verb -notin 'Get', 'Test', 'Compare', 'Connect', 'Disconnect' -or $command.Parameters.ContainsKey('Record')
            $command.Parameters.ContainsKey('WhatIf') | Should -Be $changes -Because $command.Name
        }
    }

    It 'is asked for unasked only where something is lost or vouched for' {
        $high = Get-Command -Module BacktestOps | Where-Object {
            $_.ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false).ConfirmImpact -eq 'High'
        }

        $high.Name | Should -Be 'Approve-Deployment', 'Invoke-Rollback'
    }

    It 'is asked for where -Confirm is given, and is an error where nobody can answer' {
        $seen = Invoke-Runspace -Variables @{ module = $session.Module; id = $run.BacktestId } -Script { Import-Module $module; Stop-Backtest $id -Confirm }

        $seen.Errors[0].Exception.Message | Should -BeLike '*host program*'
    }

    It 'is switched off by -Confirm:$false and by $ConfirmPreference, as scheduled scripts do' {
        $seen = Invoke-Runspace -Variables @{ module = $session.Module } -Script {
            Import-Module $module
            $ConfirmPreference = 'Low'
            Start-Backtest SP500 BuyAndHold -Confirm:$false | Get-BacktestProgress -Wait | Stop-Backtest -Confirm:$false -PassThru
            $ConfirmPreference = 'None'
            Start-Backtest SP500 BuyAndHold
        }

        $seen.Errors | Should -BeNullOrEmpty
        $seen.Output | Should -HaveCount 2
    }
}

Describe '-Force' {
    It 'is what replaces a file, and nothing else does' {
        $path = Join-Path $TestDrive 'mine.json'
        Set-Content $path 'precious'

        { $run | Save-BacktestResult -Path $path -ErrorAction Stop } | Should -Throw -ErrorId 'ResultFileExists,*'
        Get-Content $path | Should -Be 'precious'
        $run | Save-BacktestResult -Path $path -Force
        (Get-Content $path -Raw | ConvertFrom-Json).backtest_id | Should -Be $run.BacktestId
    }

    It 'does not let one result of a pipeline replace another' {
        $path = Join-Path $TestDrive 'one.json'
        $wrong = $null
        $run, (Start-Backtest SP500 SmaCross | Get-BacktestProgress -Wait) |
            Save-BacktestResult -Path $path -Force -ErrorAction SilentlyContinue -ErrorVariable wrong

        $wrong.FullyQualifiedErrorId | Should -BeLike 'ResultFileExists,*'
        (Get-Content $path -Raw | ConvertFrom-Json).backtest_id | Should -Be $run.BacktestId
    }
}
