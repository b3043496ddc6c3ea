; Who runs a function: decorators by which a framework is told to call it.
; README.md beside this file says which captures, predicates and words exist.
; The predicates in front of each (#set! ...) belong to it. Shapes are few on
; purpose: each costs a millisecond at the start.

; ---- @app.get("/path"), @celery.task(bind=True) --------------------------------

((decorated_definition
  (decorator
    (call
      function: (attribute object: (_) @receiver attribute: (identifier) @method)
      arguments: (argument_list . (string (string_content) @route)?))) @decorator)

 ; FastAPI, Starlette, Flask
 (#any-of? @method "get" "post" "put" "patch" "delete" "head" "options" "trace"
           "api_route" "route" "exception_handler" "errorhandler" "app_errorhandler")
 (#not-match? @receiver "(^|\\.)(mock|mocker|responses|respx_mock)$") ; @mock.patch("x")
 (#set! entry "http")

 (#any-of? @method "websocket" "websocket_route")
 (#set! entry "websocket")

 (#eq? @method "middleware")
 (#set! entry "middleware")

 (#any-of? @method "before_request" "after_request" "teardown_request"
           "teardown_appcontext" "before_first_request" "before_app_request")
 (#set! entry "hook")

 (#eq? @method "on_event")
 (#set! entry "startup")

 ; python-socketio, Flask-SocketIO
 (#match? @receiver "(sio|socket_?io|socket_manager)$")
 (#any-of? @method "on" "event")
 (#set! entry "socketio")

 ; Celery, dramatiq, rq, huey
 (#any-of? @method "task" "periodic_task" "db_task" "db_periodic_task" "actor" "job")
 (#not-match? @receiver "scheduler$")
 (#set! entry "task")

 ; APScheduler and its like
 (#eq? @method "scheduled_job")
 (#set! entry "scheduler")

 (#match? @receiver "scheduler$")
 (#any-of? @method "task" "job")
 (#set! entry "scheduler")

 (#any-of? @receiver "pytest" "pytest_asyncio")
 (#eq? @method "fixture")
 (#set! entry "fixture")

 ; click, flask.cli, typer; a chat bot's commands are something else
 (#any-of? @method "command" "cli_command")
 (#not-match? @receiver "^(bot|client|tree)$")
 (#set! entry "command"))

; ---- @app.teardown_appcontext, @sio.event, @app.task ---------------------------

((decorated_definition
  (decorator
    (attribute object: (_) @receiver attribute: (identifier) @method)) @decorator)

 (#any-of? @method "before_request" "after_request" "teardown_request"
           "teardown_appcontext" "before_first_request" "before_app_request"
           "after_app_request" "teardown_app_request" "before_app_first_request"
           "before_serving" "after_serving" "before_websocket" "after_websocket"
           "teardown_websocket" "context_processor" "app_context_processor"
           "url_value_preprocessor")
 (#set! entry "hook")

 (#any-of? @method "while_serving" "lifespan")
 (#set! entry "startup")

 (#match? @receiver "(sio|socket_?io|socket_manager)$")
 (#eq? @method "event")
 (#set! entry "socketio")

 (#any-of? @method "task" "periodic_task" "db_task" "actor" "job" "shared_task")
 (#not-match? @receiver "scheduler$")
 (#set! entry "task")

 (#any-of? @receiver "pytest" "pytest_asyncio")
 (#eq? @method "fixture")
 (#set! entry "fixture"))

; ---- @shared_task, @shared_task(bind=True) --------------------------------------

((decorated_definition
  (decorator
    [(identifier) @method
     (call function: (identifier) @method)]) @decorator)

 (#any-of? @method "shared_task" "periodic_task" "db_task" "db_periodic_task" "actor" "job")
 (#set! entry "task")

 (#eq? @method "repeat_every") ; fastapi-utils
 (#set! entry "scheduler")

 (#eq? @method "fixture")
 (#set! entry "fixture"))
