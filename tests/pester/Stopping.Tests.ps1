#requires -Version 7.6
# Ctrl+C, a pipeline that is ended from below, and a wait that is over: each ends promptly, and what runs elsewhere goes on.

BeforeAll {
    . "$PSScriptRoot/TestSession.ps1"
    $session = Enter-TestSession

    # Long enough to be still under way whenever it is looked at: some hundred thousand variants with stops.
    function Start-LongRun {
        Start-Backtest SP500 RsiReversion -Sweep @{ window = 2..100; oversold = 5..45; overbought = 50..95 } -FractionalShares -StopLoss 0.05
    }

    # Begins a script in another runspace and stops it, as Ctrl+C does, once it has shown progress.
    function Invoke-AndStop([string] $Script, [hashtable] $Variables) {
        $runspace = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
        $runspace.Open()
        $shell = [powershell]::Create($runspace)
        try {
            foreach ($name in $Variables.Keys) { $runspace.SessionStateProxy.SetVariable($name, $Variables[$name]) }
            $running = $shell.AddScript($Script).BeginInvoke()
            Wait-Progress $shell
            $shell.Stop()
            $running.AsyncWaitHandle.WaitOne() | Out-Null
            $shell.InvocationStateInfo.State
        }
        finally {
            $shell.Dispose()
            $runspace.Dispose()
        }
    }
}

AfterAll { Exit-TestSession $session }

Describe 'What is under way' {
    AfterEach { Get-Backtest | Where-Object Status -In 'Running', 'Queued' | Stop-Backtest -Confirm:$false }

    Context 'Ctrl+C' {
        It 'ends a wait and not the run' {
            $run = Start-LongRun

            $state = Invoke-AndStop 'Import-Module $module; Get-BacktestProgress $id -Wait' @{ module = $session.Module; id = $run.BacktestId }

            $state | Should -Be 'Stopped'
            ($run | Get-BacktestProgress).Status | Should -Be 'Running'
        }
    }

    Context 'A wait that is over' {
        It 'is an error that names the run, completes its bar, and leaves the run' {
            $run = Start-LongRun
            $seen = Invoke-Runspace -Variables @{ module = $session.Module; id = $run.BacktestId } -Script {
                Import-Module $module
                Get-BacktestProgress $id -Wait -Timeout 300ms
            }

            $seen.Output | Should -BeNullOrEmpty
            $seen.Errors.FullyQualifiedErrorId | Should -BeLike 'WaitTimedOut,*'
            $seen.Errors.TargetObject | Should -Be $run.BacktestId
            $seen.Progress[-1].RecordType | Should -Be 'Completed'
            ($run | Get-BacktestProgress).Status | Should -Be 'Running'
        }
    }

    Context 'A progress bar' {
        It 'says what is being done, and is taken off the screen' {
            $run = Start-LongRun
            $seen = Invoke-Runspace -Variables @{ module = $session.Module; id = $run.BacktestId } -Script {
                Import-Module $module
                Get-BacktestProgress $id -Wait | Out-Null
            } -Meanwhile {
                Wait-Progress $args[0]
                $run | Stop-Backtest -Confirm:$false
            }

            $seen.Progress.Activity | Select-Object -Unique | Should -Be 'RsiReversion on SP500'
            $seen.Progress.ActivityId | Select-Object -Unique | Should -HaveCount 1
            $seen.Progress[0].StatusDescription | Should -Match '^\d+\.\d %'
            $seen.Progress[-1].RecordType | Should -Be 'Completed'
        }

        It 'is not shown where $ProgressPreference says so' {
            $seen = Invoke-Runspace -Variables @{ module = $session.Module } -Script {
                Import-Module $module
                $ProgressPreference = 'SilentlyContinue'
                Start-Backtest SP500 SmaCross | Get-BacktestProgress -Wait
            }

            $seen.Output.Status | Should -Be 'Completed'
            $seen.Progress | Should -BeNullOrEmpty
        }
    }

    Context 'The end of a runspace' {
        It 'leaves a run that is under way to be taken up again' {
            $left = Invoke-Runspace -Variables @{ module = $session.Module } -Script {
                Import-Module $module
                Start-Backtest SP500 SmaCross
            }

            ($left.Output | Get-BacktestProgress -Wait).Status | Should -Be 'Completed'
        }
    }
}
