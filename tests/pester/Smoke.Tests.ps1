#requires -Version 7.6
# The smoke tests that ship with the module, as an operator runs them: against a service that is up, and against one that is not.

BeforeAll {
    . "$PSScriptRoot/TestSession.ps1"
    $session = Enter-TestSession

    # In a runspace of its own, since Pester does not run in itself.
    function Invoke-Smoke([hashtable] $Data) {
        $ran = Invoke-Runspace -Script {
            Import-Module $pester
            Import-Module $module
            $settings = New-PesterConfiguration
            $settings.Run.Container = New-PesterContainer -Path $path -Data $data
            $settings.Run.PassThru = $true
            $settings.Output.Verbosity = 'None'
            Invoke-Pester -Configuration $settings
        } -Variables @{
            pester = Join-Path (Get-Module Pester).ModuleBase 'Pester.psd1'
            module = $session.Module
            path   = Join-Path (Get-Module BacktestOps).ModuleBase 'tests/Smoke.Tests.ps1'
            data   = $Data
        }
        $ran.Errors | Should -BeNullOrEmpty
        $ran.Output[-1]
    }
}

AfterAll { Exit-TestSession $session }

Describe 'The smoke tests that ship' {
    It 'pass against a service that works, and show as skipped what was left out' {
        $service = Start-BacktestService -Port 0

        $ran = Invoke-Smoke @{ Uri = $service.Uri; Version = $service.Version; SkipBrowser = $true; EvidencePath = "$TestDrive/evidence" }

        $ran.Result | Should -Be 'Passed' -Because "$($ran.Failed.ErrorRecord)"
        $ran.PassedCount | Should -BeGreaterThan 10
        $ran.Skipped.ExpandedName | Should -BeLike 'page*'
        $ran.FailedCount | Should -Be 0
        Get-ChildItem "$TestDrive/evidence" -Recurse -File | Should -Not -BeNullOrEmpty
    }

    It 'fail against a service that is of another version, and say which' {
        $service = Get-BacktestService -Local

        $ran = Invoke-Smoke @{ Uri = $service.Uri; Version = '9.9.9'; SkipBrowser = $true; EvidencePath = "$TestDrive/evidence" }

        $ran.Result | Should -Be 'Failed'
        "$($ran.Failed.ErrorRecord)" | Should -BeLike '*expected*9.9.9*saw*0.1.0*'
    }

    It 'fail against nobody: what was not seen passes nothing' {
        # A port that was free a moment ago, and that nothing is started on.
        $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $port = $listener.LocalEndpoint.Port
        $listener.Stop()

        $ran = Invoke-Smoke @{ Uri = "http://127.0.0.1:$port"; SkipBrowser = $true; EvidencePath = "$TestDrive/evidence" }

        $ran.Result | Should -Be 'Failed'
        $ran.Passed.ExpandedName | Should -Be 'was seen at all'
        $ran.FailedCount | Should -BeGreaterThan 1
        $ran.InconclusiveCount | Should -Be 0
    }
}
