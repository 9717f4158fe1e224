#requires -Version 7.6
# What an import brings into a session, and what it keeps out of it.

BeforeAll {
    . "$PSScriptRoot/TestSession.ps1"
    $session = Enter-TestSession
    $manifest = Import-PowerShellDataFile $session.Manifest
}

AfterAll { Exit-TestSession $session }

Describe 'The manifest' {
    It 'is valid, and names its cmdlets one by one' {
        $tested = Test-ModuleManifest $session.Manifest -WarningAction Stop

        $tested.ExportedCmdlets.Keys | Sort-Object | Should -Be ($manifest.CmdletsToExport | Sort-Object)
        $manifest.CmdletsToExport | Should -Not -Match '[*?]'
        foreach ($kind in 'Functions', 'Aliases', 'Variables') { $manifest["${kind}ToExport"].Count | Should -Be 0 -Because $kind }
    }

    It 'has the version of its folder' {
        $manifest.ModuleVersion | Should -BeExactly (Split-Path (Split-Path $session.Manifest) -Leaf)
    }

    It 'uses approved verbs' {
        $approved = (Get-Verb).Verb
        $manifest.CmdletsToExport | ForEach-Object { ($_ -split '-')[0] | Should -BeIn $approved }
    }
}

Describe 'An import' {
    It 'exports what the manifest names, also the third time' {
        foreach ($time in 1..3) {
            Import-Module $session.Module -Force
            (Get-Command -Module BacktestOps).Name | Sort-Object | Should -Be ($manifest.CmdletsToExport | Sort-Object)
        }
    }

    It 'leaves nothing behind when the module is removed, and works again' {
        Remove-Module BacktestOps
        Get-Command Start-Backtest -ErrorAction Ignore | Where-Object Source -EQ 'BacktestOps' | Should -BeNullOrEmpty
        Get-Module BacktestOps* | Should -BeNullOrEmpty

        Import-Module $session.Module
        Get-BacktestStrategy BuyAndHold | Should -Not -BeNullOrEmpty
    }

    It 'opens nothing: there is no home folder until it is used' {
        $fresh = Join-Path $TestDrive 'fresh'
        $seen = Invoke-Runspace -Variables @{ module = $session.Module; fresh = $fresh } -Script {
            $env:BACKTESTOPS_HOME = $fresh
            Import-Module $module
            Get-BacktestService | Out-Null
            Test-Path $fresh
        }
        $env:BACKTESTOPS_HOME = $session.Home

        $seen.Output | Should -Be $false
    }

    It 'happens by itself when a command is called and the module is on PSModulePath' {
        $pathBefore = $env:PSModulePath
        $env:PSModulePath = (Split-Path $session.Module) + [System.IO.Path]::PathSeparator + $env:PSModulePath
        try { $seen = Invoke-Runspace '(Get-BacktestStrategy SmaCross).Name; (Get-Module BacktestOps).Version.ToString()' }
        finally { $env:PSModulePath = $pathBefore }

        $seen.Errors | Should -BeNullOrEmpty
        $seen.Output | Should -Be 'SmaCross', $manifest.ModuleVersion
    }
}

Describe 'The session' {
    BeforeAll {
        # The main job was done once, so that everything that it needs is loaded.
        Start-Backtest SP500 BuyAndHold | Get-BacktestProgress -Wait | Get-BacktestResult | Out-Null
        $inDefault = [System.Runtime.Loader.AssemblyLoadContext]::Default.Assemblies | ForEach-Object { $_.GetName().Name }
    }

    It 'has only our words and our loader in its own load context' {
        $inDefault | Where-Object { $_ -like 'BacktestOps.*' } | Sort-Object | Should -Be 'BacktestOps.Contracts', 'BacktestOps.Loader'
    }

    It 'has none of the libraries that the module uses' {
        $inDefault | Where-Object { $_ -match 'Sqlite|SQLitePCL|Parquet|MailKit|MimeKit|ScottPlot|Superpower|Pidgin' } | Should -BeNullOrEmpty
    }

    It 'can name every type that a cmdlet gives' {
        foreach ($command in Get-Command -Module BacktestOps) {
            foreach ($output in $command.OutputType | Where-Object Name -NE 'BacktestOps.FigureComparison') {
                $output.Name -as [type] | Should -Not -BeNullOrEmpty -Because "$($command.Name) gives $($output.Name)"
            }
        }
    }

    It 'may have loaded another version of a library before' {
        # A stranger under the name of the module's own SQLite client, in the default context, as another module would have it.
        $stranger = [System.Reflection.Emit.PersistedAssemblyBuilder]::new('Microsoft.Data.Sqlite, Version=1.2.3.4', [object].Assembly)
        $stranger.DefineDynamicModule('stranger') | Out-Null
        $stranger.Save((Join-Path $TestDrive 'Microsoft.Data.Sqlite.dll'))
        $script = Join-Path $TestDrive 'other.ps1'
        Set-Content $script @'
param($Module, $Folder)
$ErrorActionPreference = 'Stop'
$env:BACKTESTOPS_HOME = "$Folder/home"
$stranger = [System.Runtime.Loader.AssemblyLoadContext]::Default.LoadFromAssemblyPath("$Folder/Microsoft.Data.Sqlite.dll")
Import-Module $Module
$run = Start-Backtest SP500 BuyAndHold | Get-BacktestProgress -Wait
"$($stranger.GetName().Version) $($run.Status)"
'@
        $ran = Invoke-Pwsh '-File', $script, $session.Module, $TestDrive

        $ran.Errors | Should -BeNullOrEmpty
        $ran.Output.Trim() | Should -BeExactly '1.2.3.4 Completed'
    }
}
