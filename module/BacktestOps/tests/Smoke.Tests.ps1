#requires -Version 7.6
<#
.SYNOPSIS
The smoke test of a deployed service as Pester tests: one run of Invoke-SmokeTest a service, and one It for each of its checks.

.DESCRIPTION
For Pester 5 and 6:

    $smoke = New-PesterContainer -Path ./Smoke.Tests.ps1 -Data @{ Uri = 'http://127.0.0.1:3000'; Version = '2.0.2' }
    Invoke-Pester -Container $smoke -CI

A check that says Pass passes. Fail, Error and Inconclusive fail, each with what was expected, what was seen and what to do next:
Pester counts an inconclusive test to neither side, so a run that saw nothing would end with exit code 0. What the caller leaves
out with -SkipBrowser is shown as skipped.

The tests are found by running them: the service is used while Pester discovers, also where it is told to only list tests.

.PARAMETER Uri
The addresses of the services.

.PARAMETER Version
The version that health must name.

.PARAMETER Field
JSON paths of the health document and the values expected there.

.PARAMETER StartBody
The JSON that starts a backtest, where a service does not know the usual one.

.PARAMETER SkipBrowser
Leaves the page out.

.PARAMETER Timeout
How long the whole test of one service may take.

.PARAMETER EvidencePath
The folder where what was seen is kept.
#>
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', '', Justification = 'BeforeDiscovery uses them.')]
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseDeclaredVarsMoreThanAssignments', '', Justification = 'Describe uses it.')]
param(
    [Parameter(Mandatory)] [uri[]] $Uri,
    [string] $Version,
    [Collections.IDictionary] $Field,
    [string] $StartBody,
    [switch] $SkipBrowser,
    [object] $Timeout,
    [string] $EvidencePath
)

BeforeDiscovery {
    if (-not (Get-Module BacktestOps)) { Import-Module (Join-Path $PSScriptRoot '../BacktestOps.psd1') }

    $given = @{}
    foreach ($name in 'Version', 'Field', 'StartBody', 'SkipBrowser', 'Timeout', 'EvidencePath') {
        $value = Get-Variable $name -ValueOnly
        if ($value) { $given[$name] = $value }
    }

    # Whoever calls Invoke-Pester has said that the service may be used; nobody is there to be asked for each.
    $services = foreach ($address in $Uri) {
        $checks = @(Invoke-SmokeTest -Uri $address -Confirm:$false -WhatIf:$false -ErrorAction Stop @given)
        $cases = foreach ($check in $checks) {
            $leftOut = $SkipBrowser -and $check.Verdict -eq 'Inconclusive' -and $check.Name -like 'page*'
            @{ Name = $check.Name; Subject = $check.Subject; Check = $check; LeftOut = $leftOut }
        }
        @{ Address = "$address"; Checks = $checks; Cases = @($cases) }
    }
}

Describe 'The service at <Address>' -ForEach $services {
    It 'was seen at all' {
        # No check is no failure either, and that would be a pass.
        $Checks | Should -Not -BeNullOrEmpty
    }

    It '<Name>' -ForEach $Cases {
        if ($LeftOut) { Set-ItResult -Skipped -Because "$($Check.Detail)" }

        $why = "${Subject}: expected $($Check.Expected), saw $($Check.Observed ?? 'nothing'). $($Check.Detail) $($Check.Action)"
        $Check.Verdict | Should -BeExactly 'Pass' -Because $why
    }
}
