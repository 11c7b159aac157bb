package dev.graft.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.graft.InputException;
import dev.graft.Suggestion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Options from a YAML file: the same names without their hyphens; what the command line says wins. */
final class Configuration {
    private static final Set<String> NOT_IN_FILES = Set.of("config", "print-config", "help");
    private static final YAMLMapper YAML = new YAMLMapper();

    private Configuration() {}

    /** Lets the file that {@code --config} names stand behind the options of the command that is called. */
    static void apply(CommandLine commands, String... arguments) {
        CommandLine command =
                arguments.length == 0 ? null : commands.getSubcommands().get(arguments[0]);
        Optional<Path> file = file(arguments);
        if (command == null || file.isEmpty()) {
            return;
        }
        Map<String, String> values = read(file.get());
        List<String> known = names(command);
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                throw new InputException(file.get() + ": '" + key + "' is no option of graft "
                        + command.getCommandName() + Suggestion.text(key, known));
            }
        }
        command.setDefaultValueProvider(new FromFile(values));
    }

    /** All options of a command with the values that they have now, as YAML that {@code --config} reads. */
    static String print(CommandLine command) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (ArgSpec argument : command.getCommandSpec().args()) {
            Object value = argument.getValue();
            if (value != null && isInFiles(argument)) {
                values.put(name(argument), value instanceof Path ? value.toString() : value);
            }
        }
        try {
            return YAML.writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<Path> file(String... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--config") && i + 1 < arguments.length) {
                return Optional.of(Path.of(arguments[i + 1]));
            }
            if (arguments[i].startsWith("--config=")) {
                return Optional.of(Path.of(arguments[i].substring("--config=".length())));
            }
        }
        return Optional.empty();
    }

    private static Map<String, String> read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new InputException("There is no configuration file " + file);
        }
        try {
            JsonNode content = YAML.readTree(file.toFile());
            if (!content.isObject() && !content.isMissingNode()) {
                throw new InputException(
                        file + " is not a YAML file of options, one 'name: value' a line, but holds " + content);
            }
            Map<String, String> values = new LinkedHashMap<>();
            content.properties().forEach(entry -> values.put(entry.getKey(), value(file, entry)));
            return values;
        } catch (IOException e) {
            throw new InputException(
                    file + " is not a YAML file of options, one 'name: value' a line: " + firstLine(e), e);
        }
    }

    private static String value(Path file, Map.Entry<String, JsonNode> entry) {
        if (!entry.getValue().isValueNode() || entry.getValue().isNull()) {
            throw new InputException(file + ": '" + entry.getKey() + "' must have one value, not "
                    + (entry.getValue().isNull() ? "none" : entry.getValue()));
        }
        return entry.getValue().asText();
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static List<String> names(CommandLine command) {
        return command.getCommandSpec().args().stream()
                .filter(Configuration::isInFiles)
                .map(Configuration::name)
                .toList();
    }

    /** Arguments of which there may be many are no options and stay on the command line. */
    private static boolean isInFiles(ArgSpec argument) {
        return !argument.isMultiValue() && !NOT_IN_FILES.contains(name(argument));
    }

    private static String name(ArgSpec argument) {
        if (argument instanceof OptionSpec option) {
            return option.longestName().replaceFirst("^-+", "");
        }
        return ((PositionalParamSpec) argument).paramLabel().toLowerCase(java.util.Locale.ROOT);
    }

    private record FromFile(Map<String, String> values) implements IDefaultValueProvider {
        @Override
        public String defaultValue(ArgSpec argument) {
            String value = isInFiles(argument) ? values.get(name(argument)) : null;
            return value != null ? value : argument.defaultValue();
        }
    }
}
