@{
    RootModule           = 'BacktestOps.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '6b0c7f0e-5a57-4a3e-9a0b-3f2f6f6b8c1d'
    Author               = 'BacktestOps'
    CompanyName          = 'BacktestOps'
    Copyright            = 'Copyright (c) BacktestOps'
    Description          = 'Runs stock backtests in the session or against a backtest service, and proves that the service works.'

    # 7.6 is the first PowerShell on .NET 10, which the cmdlets are compiled for.
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')

    # The enums that types.ps1xml names must be there before it.
    RequiredAssemblies   = @('bin/BacktestOps.Contracts.dll')
    TypesToProcess       = @('BacktestOps.types.ps1xml')
    FormatsToProcess     = @('BacktestOps.format.ps1xml')

    # Named one by one, so that a session finds a command without loading the module first.
    CmdletsToExport      = @(
        'Approve-Deployment'
        'Compare-BacktestResult'
        'Connect-BacktestService'
        'Disconnect-BacktestService'
        'Export-BacktestReport'
        'Export-DeploymentReport'
        'Get-Backtest'
        'Get-BacktestProgress'
        'Get-BacktestResult'
        'Get-BacktestService'
        'Get-BacktestStrategy'
        'Get-Deployment'
        'Get-DeploymentEvidence'
        'Get-DeploymentFeedback'
        'Get-MarketData'
        'Import-MarketData'
        'Invoke-Deployment'
        'Invoke-DeploymentChecklist'
        'Invoke-DeploymentFollowUp'
        'Invoke-Rollback'
        'Invoke-SmokeTest'
        'New-DeploymentPlan'
        'Protect-DeploymentEvidence'
        'Register-DeploymentFollowUp'
        'Remove-Deployment'
        'Repair-BacktestHome'
        'Resume-Deployment'
        'Save-BacktestResult'
        'Start-Backtest'
        'Start-BacktestService'
        'Stop-Backtest'
        'Stop-BacktestService'
        'Test-DeploymentEvidence'
        'Test-DeploymentHealth'
        'Test-DeploymentReadiness'
        'Test-DeploymentReport'
        'Test-MarketData'
        'Test-RollbackCriterion'
        'Unregister-DeploymentFollowUp'
        'Watch-Deployment'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()

    PrivateData          = @{
        PSData = @{
            Tags = @('Backtest', 'Trading', 'Deployment', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
        }
    }
}
