KEYS = {"raw", "valid", "plate", "kind", "reason", "suggestion"}


def test_each_argument_has_its_answer_in_order(answer):
    checked = answer("plates", "check", "粤E·12345", "粤EO2345", "粤ed12345", "粤E·12345")
    assert all(set(one) >= KEYS for one in checked)
    assert [one["raw"] for one in checked] == ["粤E·12345", "粤EO2345", "粤ed12345", "粤E·12345"]
    assert [one["valid"] for one in checked] == [True, False, True, True]
    assert [one["plate"] for one in checked] == ["粤E12345", None, "粤ED12345", "粤E12345"]
    assert (checked[1]["reason"], checked[1]["suggestion"]) == ("letter_o_or_i", "粤E02345")


def test_what_looks_like_an_option_is_a_plate_after_two_dashes(answer):
    [checked] = answer("plates", "check", "--", "-x")
    assert (checked["raw"], checked["valid"]) == ("-x", False)


def test_what_looks_like_the_option_itself_is_a_plate_after_two_dashes(run):
    result = run("plates", "check", "--", "--json")
    assert result.exit_code == 0
    assert result.stdout.startswith("--json")


def test_without_a_plate_the_usage_is_told(run, refusal):
    assert refusal("plates", "check")[0] == 2
    plain = run("plates", "check")
    assert (plain.exit_code, plain.stdout) == (2, "")
    assert "PLATE" in plain.stderr


def test_people_read_lines_in_either_language(run):
    english = run("plates", "check", "--language", "en", "粤E12345", "粤EO2345").stdout.splitlines()
    assert english[0] == "粤E·12345  Ordinary plate"
    assert "Did you mean 粤E02345?" in english[1]
    assert run("plates", "check", "粤E12345").stdout != english[0] + "\n"
