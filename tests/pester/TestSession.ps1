# What every file of this folder begins and ends with. Dot-source it in BeforeAll; nothing of one file is left for the next.

# Imports the built module, with a home folder of its own and no data but what ships.
function Enter-TestSession {
    $module = [System.IO.Path]::GetFullPath("$PSScriptRoot/../../artifacts/module/BacktestOps")
    if (-not (Test-Path $module)) { throw "There is no built module at $module. Run ./build.ps1 -Task Build first." }

    # Not in TestDrive: what a block leaves there is removed after it, and the session keeps its home open.
    $folder = Join-Path ([System.IO.Path]::GetTempPath()) "backtestops-pester-$([guid]::NewGuid().ToString('N'))"
    $session = [pscustomobject]@{
        Module   = $module
        Manifest = (Get-Item "$module/*/BacktestOps.psd1").FullName
        Home     = $folder
        Before   = @{ BACKTESTOPS_HOME = $env:BACKTESTOPS_HOME; BACKTESTOPS_DATA = $env:BACKTESTOPS_DATA; BACKTESTOPS_SERVICE = $env:BACKTESTOPS_SERVICE }
    }
    $env:BACKTESTOPS_HOME = $folder
    $env:BACKTESTOPS_DATA = $env:BACKTESTOPS_SERVICE = $null
    Import-Module $module -Force
    $session
}

# Stops what was started and removes the home.
function Exit-TestSession($Session) {
    if (-not $Session) { return }
    Get-BacktestService -Local | Stop-BacktestService -Confirm:$false
    Remove-Module BacktestOps
    Remove-Item $Session.Home -Recurse -Force -ErrorAction Ignore
    foreach ($name in $Session.Before.Keys) { [System.Environment]::SetEnvironmentVariable($name, $Session.Before[$name]) }
}

# Runs another process of this pwsh, also where that is a tool without a program of its own. NO_COLOR, because pwsh colors also what is
# redirected where TERM names a terminal that has colors: what is colored nevertheless is ours.
function Invoke-Pwsh([string[]] $ArgumentList) {
    $host_, $first = [System.Environment]::ProcessPath, [System.Environment]::GetCommandLineArgs()[0]
    $start = [System.Diagnostics.ProcessStartInfo]::new($host_)
    if ([System.IO.Path]::GetFileNameWithoutExtension($host_) -eq 'dotnet') { $start.ArgumentList.Add($first) }
    foreach ($argument in @('-NoProfile', '-NonInteractive') + $ArgumentList) { $start.ArgumentList.Add($argument) }
    $start.Environment['NO_COLOR'] = '1'
    $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $process = [System.Diagnostics.Process]::Start($start)
    $errors = $process.StandardError.ReadToEndAsync()
    $output = $process.StandardOutput.ReadToEnd()
    $process.WaitForExit()
    [pscustomobject]@{ ExitCode = $process.ExitCode; Output = $output; Errors = $errors.Result }
}

# Waits until a shell has shown progress.
function Wait-Progress([powershell] $Shell) {
    $progress = $Shell.Streams.Progress
    $progress.BlockingEnumerator = $true
    try { $progress.GetEnumerator().MoveNext() | Should -BeTrue -Because 'it shows progress before it ends' }
    finally { $progress.BlockingEnumerator = $false }
}

# Runs a script in a runspace of its own, as a program that hosts PowerShell does; gives its output, and all its errors. What is to
# be done meanwhile is done here, and has the shell as its argument.
function Invoke-Runspace([string] $Script, [hashtable] $Variables = @{}, [scriptblock] $Meanwhile = {}) {
    $runspace = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
    $runspace.Open()
    $shell = [powershell]::Create($runspace)
    try {
        foreach ($name in $Variables.Keys) { $runspace.SessionStateProxy.SetVariable($name, $Variables[$name]) }
        $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
        $running = $shell.AddScript($Script).BeginInvoke([System.Management.Automation.PSDataCollection[psobject]]::new(), $output)
        & $Meanwhile $shell | Out-Null
        $terminating = try { $shell.EndInvoke($running) | Out-Null } catch { $_.Exception.InnerException.ErrorRecord ?? $_ }
        [pscustomobject]@{ Output = @($output); Errors = @($shell.Streams.Error) + @($terminating); Progress = @($shell.Streams.Progress) }
    }
    finally {
        $shell.Dispose()
        $runspace.Dispose()
    }
}
