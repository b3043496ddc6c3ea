; Who runs a function: decorators by which a framework is told to call it.
; README.md beside this file says which captures, predicates and words exist.

; ---- routes: @router.get("/path"), @app.route("/path") ----------------------

((decorated_definition
  (decorator
    (call
      function: (attribute object: (_) @receiver attribute: (identifier) @method)
      arguments: (argument_list . (string (string_content) @route)?))) @decorator)
 (#any-of? @method "get" "post" "put" "patch" "delete" "head" "options" "trace"
           "api_route" "route" "exception_handler" "errorhandler" "app_errorhandler")
 (#not-match? @receiver "(^|\\.)(mock|mocker|responses|respx_mock)$") ; @mock.patch("x")
 (#set! entry "http"))

((decorated_definition
  (decorator
    (call
      function: (attribute object: (_) @receiver attribute: (identifier) @method)
      arguments: (argument_list . (string (string_content) @route)?))) @decorator)
 (#any-of? @method "websocket" "websocket_route")
 (#set! entry "websocket"))

; ---- around every request ---------------------------------------------------

((decorated_definition
  (decorator
    (call
      function: (attribute object: (_) @receiver attribute: (identifier) @method)
      arguments: (argument_list . (string (string_content) @route)?))) @decorator)
 (#eq? @method "middleware")
 (#set! entry "middleware"))

((decorated_definition
  (decorator
    [(attribute object: (_) @receiver attribute: (identifier) @method)
     (call function: (attribute object: (_) @receiver attribute: (identifier) @method))])
   @decorator)
 (#any-of? @method "before_request" "after_request" "teardown_request" "teardown_appcontext"
           "before_first_request" "before_app_request" "after_app_request"
           "teardown_app_request" "before_app_first_request" "before_serving"
           "after_serving" "before_websocket" "after_websocket" "teardown_websocket"
           "context_processor" "app_context_processor" "url_value_preprocessor")
 (#set! entry "hook"))

; ---- start and end of the application ---------------------------------------

((decorated_definition
  (decorator
    (call
      function: (attribute object: (_) @receiver attribute: (identifier) @method)
      arguments: (argument_list . (string (string_content) @route)?))) @decorator)
 (#any-of? @method "on_event" "while_serving")
 (#set! entry "startup"))

((decorated_definition
  (decorator
    (attribute object: (_) @receiver attribute: (identifier) @method)) @decorator)
 (#any-of? @method "while_serving" "lifespan")
 (#set! entry "startup"))

; ---- Socket.IO: @sio.on("x"), @sio.event, @socketio.on("x") -------------------

((decorated_definition
  (decorator
    (call
      function: (attribute object: (_) @receiver attribute: (identifier) @method)
      arguments: (argument_list . (string (string_content) @route)?))) @decorator)
 (#match? @receiver "(sio|socket_?io|socket_manager)$")
 (#any-of? @method "on" "event")
 (#set! entry "socketio"))

((decorated_definition
  (decorator
    (attribute object: (_) @receiver attribute: (identifier) @method)) @decorator)
 (#match? @receiver "(sio|socket_?io|socket_manager)$")
 (#eq? @method "event")
 (#set! entry "socketio"))

; ---- tasks: Celery, dramatiq, rq, huey -----------------------------------------

((decorated_definition
  (decorator
    [(attribute object: (_) @receiver attribute: (identifier) @method)
     (call
       function: (attribute object: (_) @receiver attribute: (identifier) @method)
       arguments: (argument_list . (string (string_content) @route)?))]) @decorator)
 (#any-of? @method "task" "periodic_task" "db_task" "db_periodic_task" "actor" "job"
           "shared_task")
 (#not-match? @receiver "scheduler$")
 (#set! entry "task"))

((decorated_definition
  (decorator
    [(identifier) @method
     (call function: (identifier) @method)]) @decorator)
 (#any-of? @method "shared_task" "periodic_task" "db_task" "db_periodic_task" "actor"
           "dramatiq_actor" "job")
 (#set! entry "task"))

; ---- schedulers: APScheduler, rocketry, fastapi-utils ---------------------------

((decorated_definition
  (decorator
    (call
      function: (attribute object: (_) @receiver attribute: (identifier) @method)
      arguments: (argument_list . (string (string_content) @route)?))) @decorator)
 (#eq? @method "scheduled_job")
 (#set! entry "scheduler"))

((decorated_definition
  (decorator
    (call
      function: (attribute object: (_) @receiver attribute: (identifier) @method)
      arguments: (argument_list . (string (string_content) @route)?))) @decorator)
 (#match? @receiver "scheduler$")
 (#eq? @method "task")
 (#set! entry "scheduler"))

((decorated_definition
  (decorator (call function: (identifier) @method)) @decorator)
 (#eq? @method "repeat_every")
 (#set! entry "scheduler"))

; ---- tests and command lines ------------------------------------------------------

((decorated_definition
  (decorator
    [(attribute object: (_) @receiver attribute: (identifier) @method)
     (call function: (attribute object: (_) @receiver attribute: (identifier) @method))])
   @decorator)
 (#any-of? @receiver "pytest" "pytest_asyncio")
 (#eq? @method "fixture")
 (#set! entry "fixture"))

((decorated_definition
  (decorator
    [(identifier) @method
     (call function: (identifier) @method)]) @decorator)
 (#eq? @method "fixture")
 (#set! entry "fixture"))

((decorated_definition
  (decorator
    (call
      function: (attribute object: (_) @receiver attribute: (identifier) @method)
      arguments: (argument_list . (string (string_content) @route)?))) @decorator)
 (#any-of? @method "command" "callback" "cli_command")
 (#not-match? @receiver "^(bot|client|tree)$")
 (#set! entry "command"))
