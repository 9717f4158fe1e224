#requires -Version 7.6
# Help is what a newcomer has: complete, true to what the cmdlets take, with examples that would run.

BeforeAll {
    . "$PSScriptRoot/TestSession.ps1"
    $session = Enter-TestSession
    $common = [System.Management.Automation.PSCmdlet]::CommonParameters
    $commands = Get-Command -Module BacktestOps
    $helps = @{}
    foreach ($command in $commands) { $helps[$command.Name] = Get-Help $command.Name -Full }

    # What is wrong, of all cmdlets at once: one test a cmdlet and rule would take a third of the suite's time.
    function Find-Wrong([scriptblock] $Rule) {
        foreach ($command in $commands) {
            foreach ($wrong in & $Rule $command $helps[$command.Name]) { "$($command.Name): $wrong" }
        }
    }

    # What of a script could not run: faults of its text, commands that are not there, parameters that they do not have.
    function Find-Fault([string] $Code) {
        $faults = $null
        $tree = [System.Management.Automation.Language.Parser]::ParseInput($Code, [ref] $null, [ref] $faults)
        $faults
        foreach ($used in $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
            $name = $used.GetCommandName()
            $command = Get-Command $name -ErrorAction Ignore
            if (-not $command) { "There is no $name." }
            foreach ($element in $used.CommandElements) {
                if ($element -isnot [System.Management.Automation.Language.CommandParameterAst]) { continue }
                try { $command.ResolveParameter($element.ParameterName) | Out-Null } catch { "$name has no -$($element.ParameterName)." }
            }
        }
    }
}

AfterAll { Exit-TestSession $session }

Describe 'The help of every cmdlet' {
    It 'has a synopsis of its own, a description, and what it gives' {
        Find-Wrong {
            param($command, $help)
            if ($help.Synopsis -notmatch '^[A-Z].{15,}\.$' -or $help.Synopsis -like "*$($command.Name)*") { "synopsis '$($help.Synopsis)'" }
            if ("$($help.description.Text)" -notmatch '\w{3,}') { 'no description' }
            if (-not $help.returnValues.returnValue.type.name) { 'no word of what it gives' }
        } | Should -BeNullOrEmpty
    }

    It 'describes every parameter, and no other' {
        Find-Wrong {
            param($command, $help)
            $own = $command.Parameters.Keys | Where-Object { $_ -notin $common }
            $described = @($help.parameters.parameter | Where-Object name)
            $own | Where-Object { $_ -notin $described.name } | ForEach-Object { "-$_ is not described" }
            $described.name | Where-Object { $_ -and $_ -notin $own } | ForEach-Object { "-$_ is not there" }
            $described | Where-Object { "$($_.description.Text)" -notmatch '\w{3,}' } | ForEach-Object { "-$($_.name) has no description" }
        } | Should -BeNullOrEmpty
    }

    It 'says rightly what is mandatory' {
        Find-Wrong {
            param($command, $help)
            foreach ($parameter in $help.parameters.parameter | Where-Object name) {
                $mandatory = $command.Parameters[$parameter.name].ParameterSets.Values.IsMandatory -contains $true
                if ($parameter.required -ne "$mandatory") { "-$($parameter.name) is mandatory: $mandatory" }
            }
        } | Should -BeNullOrEmpty
    }

    It 'shows the syntax that there is' {
        Find-Wrong {
            param($command, $help)
            $items = @($help.syntax.syntaxItem)
            if ($items.Count -ne $command.ParameterSets.Count) { "$($items.Count) lines for $($command.ParameterSets.Count) sets" }
            # What a parameter can't take together must not stand in one line.
            foreach ($item in $items) {
                $shown = @($item.parameter.name | Where-Object { $_ })
                $fits = $command.ParameterSets | Where-Object { $set = $_; -not ($shown | Where-Object { $_ -notin $set.Parameters.Name }) }
                if (-not $fits) { "no set has $($shown -join ', ')" }
            }
        } | Should -BeNullOrEmpty
    }

    It 'has examples that name commands and parameters that exist, and says what they show' {
        Find-Wrong {
            param($command, $help)
            if (-not $help.examples.example) { 'no example' }
            foreach ($example in $help.examples.example) {
                Find-Fault $example.code
                if ("$($example.remarks.Text)" -notmatch '\w{3,}') { "no word to: $($example.code)" }
            }
        } | Should -BeNullOrEmpty
    }

    It 'leads to other commands' {
        Find-Wrong {
            param($command, $help)
            $links = @($help.relatedLinks.navigationLink.linkText | Where-Object { $_ })
            if (-not $links) { 'no links' }
            $links | Where-Object { $_ -ne 'about_BacktestOps' -and -not (Get-Command $_ -ErrorAction Ignore) } | ForEach-Object { "no $_" }
        } | Should -BeNullOrEmpty
    }
}

Describe 'The topic about_BacktestOps' {
    BeforeAll { $topic = Get-Help about_BacktestOps | Out-String -Width 200 }

    It 'names every cmdlet' {
        foreach ($command in (Get-Command -Module BacktestOps).Name) { $topic | Should -BeLike "*$command*" }
    }

    It 'fits a window of eighty' {
        $file = Join-Path (Get-Module BacktestOps).ModuleBase 'en-US/about_BacktestOps.help.txt'
        Get-Content $file | Where-Object Length -GT 80 | Should -BeNullOrEmpty
    }
}

Describe 'The pages' {
    It 'have examples that name commands and parameters that exist: <_>' -ForEach 'README.md', 'module/BacktestOps/examples/README.md' {
        $text = Get-Content "$PSScriptRoot/../../$_" -Raw
        $snippets = [regex]::Matches($text, '(?ms)^```powershell\r?\n(.*?)^```').ForEach({ $_.Groups[1].Value })

        $snippets | Should -Not -BeNullOrEmpty
        # A script of the examples is no command that is there, but it parses.
        foreach ($snippet in $snippets) { Find-Fault ($snippet -replace '(?m)^\./\S+\.ps1.*$') | Should -BeNullOrEmpty }
    }
}
