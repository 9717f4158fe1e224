# Loads the cmdlets into a load context of their own, so that the libraries that they use stay out of the
# session. Nothing here touches the network or the disk outside the module's folder.

$bin = [System.IO.Path]::Combine($PSScriptRoot, 'bin')

# The loader stays in the process: a second import must get the same one, or the cmdlets would be loaded twice.
$loader = 'BacktestOps.Loader.ModuleLoadContext' -as [type]
if (-not $loader) {
    $assembly = [System.Runtime.Loader.AssemblyLoadContext]::Default.LoadFromAssemblyPath(
        [System.IO.Path]::Combine($bin, 'BacktestOps.Loader.dll'))
    $loader = $assembly.GetType('BacktestOps.Loader.ModuleLoadContext', $true)
}

$cmdlets = $loader::Load([System.IO.Path]::Combine($bin, 'BacktestOps.PowerShell.dll'))
$inner = Import-Module -Assembly $cmdlets -PassThru

# The engine keeps an assembly's module when ours is removed, and an import that finds it there exports nothing
# (PowerShell/PowerShell#20710). So it goes when ours goes, and "Import-Module -Force" starts afresh.
$ExecutionContext.SessionState.Module.OnRemove = { Remove-Module -ModuleInfo $inner -Force }.GetNewClosure()
