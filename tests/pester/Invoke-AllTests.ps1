#requires -Version 7.6
<#
.SYNOPSIS
Runs the Pester tests of this folder and ends with one line of totals, which build.ps1 adds to its own.

.PARAMETER PesterPath
The folder of the Pester module to use: the version that Directory.Packages.props names, and no other that may be installed.
#>
[CmdletBinding()]
param([Parameter(Mandatory)] [string] $PesterPath)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PesterPath 'Pester.psd1')

$settings = New-PesterConfiguration
$settings.Run.Path = $PSScriptRoot
$settings.Run.PassThru = $true
$settings.Output.Verbosity = 'Normal'
$settings.Output.RenderMode = 'Plaintext'
$run = Invoke-Pester -Configuration $settings

# A file that can't be read and a BeforeAll or AfterAll that throws are no tests, and not to be overlooked.
$failed = $run.FailedCount + $run.FailedBlocksCount + $run.FailedContainersCount
$skipped = $run.SkippedCount + $run.NotRunCount + $run.InconclusiveCount
"Pester: $($run.PassedCount) passed, $failed failed, $skipped skipped"
exit [int] ($failed -gt 0)
