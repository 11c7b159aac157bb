package dev.graft.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.cli.CommandModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Holds the tables of options in the reference to the commands themselves.
 *
 * <p>{@code -Dgraft.docs.write} writes the tables instead.
 */
class ReferenceTest {
    private static final Path REFERENCE = Documents.ROOT.resolve("docs/guide/reference.md");
    private static final Pattern PART =
            Pattern.compile("(<!-- options of ([a-z ]+) -->\n).*?(<!-- end of options -->)", Pattern.DOTALL);
    private static final String COMMON = "every command";

    @Test
    void optionsAreThoseOfTheCommands() throws Exception {
        String written = Documents.text(REFERENCE);
        String expected = PART.matcher(written)
                .replaceAll(part -> Matcher.quoteReplacement(part.group(1) + table(part.group(2)) + part.group(3)));
        if (System.getProperty("graft.docs.write") != null) {
            Files.writeString(REFERENCE, expected);
        } else {
            assertThat(written).isEqualTo(expected);
        }
    }

    @Test
    void everyCommandHasItsTable() {
        List<String> described = new ArrayList<>();
        Matcher parts = PART.matcher(Documents.text(REFERENCE));
        while (parts.find()) {
            described.add(parts.group(2));
        }
        List<String> commands = new ArrayList<>(commands().keySet());
        commands.add(COMMON);
        assertThat(described).containsExactlyInAnyOrderElementsOf(commands);
    }

    /** All commands that take arguments, by their full names without {@code graft}. */
    private static Map<String, CommandSpec> commands() {
        Map<String, CommandSpec> commands = new TreeMap<>();
        add("", CommandModel.graft(), commands);
        commands.remove("help");
        return commands;
    }

    private static void add(String prefix, CommandLine parent, Map<String, CommandSpec> commands) {
        parent.getSubcommands().forEach((name, command) -> {
            commands.put(prefix + name, command.getCommandSpec());
            add(prefix + name + " ", command, commands);
        });
    }

    private static String table(String name) {
        StringBuilder table = new StringBuilder("| argument | meaning |\n|---|---|\n");
        if (name.equals(COMMON)) {
            spec("train").options().stream().filter(ReferenceTest::isCommon).forEach(option -> row(table, option));
            return table.toString();
        }
        CommandSpec spec = spec(name);
        spec.positionalParameters().forEach(parameter -> row(table, parameter));
        spec.options().stream().filter(option -> !isCommon(option)).forEach(option -> row(table, option));
        return table.toString();
    }

    private static CommandSpec spec(String name) {
        CommandSpec spec = commands().get(name);
        assertThat(spec).as("command '%s' of the reference", name).isNotNull();
        return spec;
    }

    /** Whether an option is one that commands share by their mixin. */
    private static boolean isCommon(OptionSpec option) {
        return CommandModel.isCommon(option);
    }

    private static void row(StringBuilder table, ArgSpec argument) {
        String name =
                argument instanceof OptionSpec option ? String.join("`, `", option.names()) : argument.paramLabel();
        boolean value = argument instanceof OptionSpec && argument.arity().max() > 0;
        String description = String.join(" ", argument.description())
                .replace("${DEFAULT-VALUE}", String.valueOf(argument.defaultValue()))
                .replace("|", "\\|");
        String shown = name + (value ? " " + argument.paramLabel() : "");
        table.append("| `").append(shown.replace("|", "\\|")).append("` | ");
        table.append(description).append(" |\n");
    }
}
