<#
.SYNOPSIS
Builds, tests, shows and packs BacktestOps.

.DESCRIPTION
Runs in pwsh 7.6 and in BacktestOps.Shell: it keeps to the language, the core commands, .NET and native programs.

    pwsh ./build.ps1 -Task Build
    dotnet run -c Release --project src/BacktestOps.Shell -- -File build.ps1 -Task Test

.PARAMETER Task
Build: the module, in artifacts/module. Test: all tests of the solution, and those in tests/pester with Pester in pwsh.
Demo: Build, then the module's main example, in this session. Pack: Build, then a zip of the module with its SHA-256.

.PARAMETER Configuration
Release or Debug.
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Demo', 'Pack')]
    [string] $Task = 'Build',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false
Set-StrictMode -Version 3

$root = $PSScriptRoot
$artifacts = [System.IO.Path]::Combine($root, 'artifacts')
$version = ([xml][System.IO.File]::ReadAllText("$root/Directory.Build.props")).SelectSingleNode('//VersionPrefix').InnerText
$moduleName = 'BacktestOps'
$module = [System.IO.Path]::Combine($artifacts, 'module', $moduleName, $version)

# One language for what is read from the tools below, and no advertising between it.
$env:DOTNET_CLI_UI_LANGUAGE = 'en'
$env:DOTNET_NOLOGO = '1'
$env:POWERSHELL_TELEMETRY_OPTOUT = '1'

function Say([string] $Text) { $Host.UI.WriteLine($Text) }

function Build-Module {
    # msbuild and not build: that one ends with a summary of warnings and errors that there are none of.
    & dotnet msbuild "$root/module/BacktestOps.Module.csproj" -restore "-p:Configuration=$Configuration" -v:quiet -nologo
    if ($LASTEXITCODE -ne 0) { throw "the module was not built: dotnet msbuild gave exit code $LASTEXITCODE" }
    Say "Built the module in $module"
}

# Gives passed, failed and skipped of all test projects, as the test platform counts them.
function Invoke-DotnetTest {
    $totals = @{ error = 0; succeeded = 0; failed = 0; skipped = 0 }
    $inSummary = $false
    & dotnet test --solution "$root/BacktestOps.sln" -c $Configuration --no-progress --no-ansi --output Normal 2>&1 | ForEach-Object {
        $line = "$_"
        Say $line
        if ($line -match '^Test run summary:') { $inSummary = $true }
        elseif ($inSummary -and $line -match '^\s+(error|succeeded|failed|skipped):\s+(\d+)') { $totals[$Matches[1]] = [int] $Matches[2] }
    }
    @{
        Passed   = $totals.succeeded
        # A test program that ended before its last test is an error of its own, and no test of it is counted.
        Failed   = $totals.failed + $totals.error
        Skipped  = $totals.skipped
        Complete = $inSummary
        ExitCode = $LASTEXITCODE
    }
}

# Runs dotnet, whose output matters only where it fails.
function Invoke-Dotnet {
    $said = & dotnet @args 2>&1
    if ($LASTEXITCODE -eq 0) { return }
    foreach ($line in $said) { Say "$line" }
    throw "dotnet $args gave exit code $LASTEXITCODE; what it said stands above"
}

# Gives the same counts for the tests in tests/pester, in the pwsh that .config/dotnet-tools.json names: also where this is BacktestOps.Shell.
function Invoke-PesterTest {
    Build-Module
    Invoke-Dotnet tool restore
    $pester = ([xml][System.IO.File]::ReadAllText("$root/Directory.Packages.props")).SelectSingleNode("//PackageVersion[@Include='Pester']/@Version").Value
    $packages = [System.IO.Path]::Combine($artifacts, 'packages')
    Invoke-Dotnet package download "Pester@$pester" --output $packages

    $counts = @{ Passed = 0; Failed = 0; Skipped = 0; Complete = $false }
    & dotnet tool run pwsh -- -NoProfile -NonInteractive -File "$root/tests/pester/Invoke-AllTests.ps1" "$packages/pester/$pester/tools" 2>&1 | ForEach-Object {
        $line = "$_"
        Say $line
        if ($line -match '^Pester: (\d+) passed, (\d+) failed, (\d+) skipped$') {
            $counts = @{ Passed = [int] $Matches[1]; Failed = [int] $Matches[2]; Skipped = [int] $Matches[3]; Complete = $true }
        }
    }
    $counts.ExitCode = $LASTEXITCODE
    $counts
}

function Test-Solution {
    $runs = [ordered]@{ 'dotnet test' = Invoke-DotnetTest; 'Pester' = Invoke-PesterTest }
    $passed = 0; $failed = 0; $skipped = 0; $faults = 0
    foreach ($name in $runs.Keys) {
        $run = $runs[$name]
        $passed += $run.Passed
        $failed += $run.Failed
        $skipped += $run.Skipped
        $fault = if (-not $run.Complete) { "ended without a summary, with exit code $($run.ExitCode)" }
        elseif ($run.ExitCode -ne 0 -and $run.Failed -eq 0) { "gave exit code $($run.ExitCode) without a failed test" }
        if ($fault) {
            $faults++
            $Host.UI.WriteErrorLine("build.ps1 -Task Test: $name $fault; what went wrong stands above.")
        }
    }
    Say "$passed passed, $failed failed, $skipped skipped"
    if ($faults -gt 0 -or $failed -gt 0) { exit 1 }
}

function Show-Demo {
    Build-Module
    & "$module/examples/MainJob.ps1" -Path ([System.IO.Path]::Combine($artifacts, 'demo'))
}

# The same files give the same bytes: sorted, one time for all, and slashes on every system.
function Publish-Package {
    Build-Module
    $folder = [System.IO.Path]::Combine($artifacts, 'package')
    [System.IO.Directory]::CreateDirectory($folder) | Out-Null
    $package = [System.IO.Path]::Combine($folder, "$moduleName-$version.zip")
    $unfinished = "$package.partial"
    $time = [System.DateTimeOffset]::new(2000, 1, 1, 0, 0, 0, [timespan]::Zero)
    $files = [string[]] [System.IO.Directory]::GetFiles($module, '*', 'AllDirectories')
    [array]::Sort($files, [System.StringComparer]::Ordinal)

    $stream = [System.IO.File]::Create($unfinished)
    try {
        $zip = [System.IO.Compression.ZipArchive]::new($stream, 'Create')
        try {
            foreach ($file in $files) {
                $name = [System.IO.Path]::GetRelativePath($module, $file).Replace('\', '/')
                $entry = $zip.CreateEntry("$moduleName/$version/$name", 'SmallestSize')
                $entry.LastWriteTime = $time
                $content = $entry.Open()
                try { $content.Write([System.IO.File]::ReadAllBytes($file)) } finally { $content.Dispose() }
            }
        }
        finally { $zip.Dispose() }
    }
    finally { $stream.Dispose() }
    [System.IO.File]::Move($unfinished, $package, $true)

    $hash = [System.Convert]::ToHexString([System.Security.Cryptography.SHA256]::HashData([System.IO.File]::ReadAllBytes($package))).ToLowerInvariant()
    [System.IO.File]::WriteAllText("$package.sha256", "$hash  $moduleName-$version.zip`n")
    Say "Packed $($files.Count) files into $package"
    Say "SHA-256 $hash"
}

# dotnet looks for its settings and for the tools of this project from where it is started.
$location = $ExecutionContext.SessionState.Path
$location.PushCurrentLocation($moduleName)
try {
    $location.SetLocation([System.Management.Automation.WildcardPattern]::Escape($root)) | Out-Null
    switch ($Task) {
        'Build' { Build-Module }
        'Test' { Test-Solution }
        'Demo' { Show-Demo }
        'Pack' { Publish-Package }
    }
}
catch {
    $Host.UI.WriteErrorLine("build.ps1 -Task ${Task}: $($_.Exception.Message)")
    exit 1
}
finally {
    $location.PopLocation($moduleName) | Out-Null
}
