package dev.millrace.samples.quickstart.shop;

import dev.millrace.spring.SendFailedException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.FieldError;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Answers to orders that could not be placed: problem documents (RFC 9457) with a cause and a hint. */
@RestControllerAdvice
class OrderProblems extends ResponseEntityExceptionHandler {
    private static final String RETRY_AFTER_SECONDS = "5";

    @ExceptionHandler
    ResponseEntity<ProblemDetail> notDelivered(SendFailedException failure) {
        ProblemDetail problem = SendProblem.of(failure);
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(problem.getStatus());
        if (failure.isRetriable()) {
            answer.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        return answer.body(problem);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException refusal, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        Map<String, String> errors = new TreeMap<>();
        for (FieldError error : refusal.getBindingResult().getFieldErrors()) {
            errors.put(error.getField(), String.valueOf(error.getDefaultMessage()));
        }
        ProblemDetail problem = refusal.getBody();
        problem.setTitle("The order is not valid");
        problem.setDetail("These fields were refused: " + String.join(", ", errors.keySet()));
        problem.setProperty("errors", errors);
        problem.setProperty("hint", "Correct the fields and order again; nothing was placed");
        return handleExceptionInternal(refusal, problem, headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException refusal, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, "The body is not an order in JSON");
        problem.setTitle("The order cannot be read");
        problem.setProperty(
                "hint",
                "Send {\"customer\": \"ada\", \"item\": \"lamp\", \"quantity\": 1, \"amount\": 19.90};"
                        + " nothing was placed");
        return handleExceptionInternal(refusal, problem, headers, status, request);
    }
}
