# A made-up Lync module for the tests: the same cmdlets as the made-up SkypeForBusiness module beside it.
. ([ScriptBlock]::Create([IO.File]::ReadAllText((Join-Path (Split-Path $PSScriptRoot) 'SkypeForBusiness/SkypeForBusiness.psm1'))))
