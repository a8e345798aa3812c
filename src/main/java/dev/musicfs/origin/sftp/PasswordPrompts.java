package dev.musicfs.origin.sftp;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Collections;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.sshd.client.auth.keyboard.UserInteraction;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.jspecify.annotations.Nullable;

/**
 * Answers a server's questions (keyboard-interactive) with the password, as far as one hidden answer is asked for, and only
 * once: what is asked next is a code that nobody has. Who is asked for more is told so in the {@link ConnectAttempt}.
 */
final class PasswordPrompts implements UserInteraction {
    private static final AttributeKey<AtomicBoolean> ANSWERED = new AttributeKey<>();

    @Override
    public String @Nullable [] interactive(
            ClientSession session, String name, String instruction, String lang, String[] prompts, boolean[] echo) {
        AtomicBoolean answered = session.computeAttributeIfAbsent(ANSWERED, key -> new AtomicBoolean());
        Iterator<String> passwords = passwords(session);
        if (prompts.length == 1
                && !echo[0]
                && passwords.hasNext()
                && answered != null
                && answered.compareAndSet(false, true)) {
            return new String[] {passwords.next()};
        }
        ConnectAttempt attempt = ConnectAttempt.of(session);
        if (attempt != null && !isPassword(prompts)) {
            attempt.cause("the server asks \"" + String.join("\", \"", prompts) + "\", to which there is no answer");
        }
        return null;
    }

    private static Iterator<String> passwords(ClientSession session) {
        try {
            return ClientSession.passwordIteratorOf(session);
        } catch (IOException | GeneralSecurityException e) {
            return Collections.emptyIterator();
        }
    }

    private static boolean isPassword(String[] prompts) {
        return prompts.length == 1 && prompts[0].toLowerCase(Locale.ROOT).contains("password");
    }

    @Override
    public @Nullable String getUpdatedPassword(ClientSession session, String prompt, String lang) {
        ConnectAttempt attempt = ConnectAttempt.of(session);
        if (attempt != null) {
            attempt.cause("the password has expired, the server wants another: \"" + prompt + "\"");
        }
        return null;
    }
}
