using BacktestOps.TestService;

return args switch
{
    ["serve", .. var rest] => await Service.RunAsync(rest),
    ["deploy", var plan, var version, var killAfter] => await DeployingProcess.RunAsync(plan, killAfter, deployer => deployer.DeployAsync(new() { Version = version })),
    ["rollback", var plan, var restore, var killAfter] => await DeployingProcess.RunAsync(
        plan, killAfter, deployer => deployer.RollBackAsync(new() { RestoreDatabase = restore == "restore", ConfirmLoss = _ => Task.FromResult(true) })),
    ["resume", var plan, var killAfter] => await DeployingProcess.RunAsync(plan, killAfter, async deployer => (await deployer.ResumeAsync())!),
    ["browse", var plan, var version] => await DeployingProcess.RunAsync(plan, "0", deployer => deployer.DeployAsync(new() { Version = version }), new BrowsingJourney()),
    ["say", var exit] => Sayings.Print(exit),
    ["audit", var plan] => await AuditingProcess.RunAsync(plan),
    ["sleep"] => Service.Sleep(),
    _ => 64,
};
