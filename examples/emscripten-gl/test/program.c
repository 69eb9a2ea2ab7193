// Makes a buffer and a texture in every frame, draws with them, and deletes those of 100 frames ago.
#include <GLES2/gl2.h>
#include <emscripten.h>
#include <emscripten/html5.h>

enum { ALIVE = 100, SIZE = 64, GRID = 8 };

static GLuint buffers[ALIVE], textures[ALIVE], program, highest;
static unsigned frame, checksum = 2166136261u;
static unsigned char pixels[SIZE * SIZE * 4];

static GLuint shader(GLenum kind, const char *source) {
  GLuint name = glCreateShader(kind);
  glShaderSource(name, 1, &source, 0);
  glCompileShader(name);
  return name;
}

// Returns 1, or 0 where there is no WebGL or the shaders do not link.
EMSCRIPTEN_KEEPALIVE int start(void) {
  EmscriptenWebGLContextAttributes attributes;
  emscripten_webgl_init_context_attributes(&attributes);
  attributes.antialias = 0;
  attributes.preserveDrawingBuffer = 1;
  EMSCRIPTEN_WEBGL_CONTEXT_HANDLE context = emscripten_webgl_create_context("#canvas", &attributes);
  if (context <= 0 || emscripten_webgl_make_context_current(context) != EMSCRIPTEN_RESULT_SUCCESS) return 0;
  GLuint vertex = shader(GL_VERTEX_SHADER,
                         "attribute vec2 at; void main() { gl_Position = vec4(at, 0.0, 1.0); }");
  GLuint fragment = shader(GL_FRAGMENT_SHADER,
                           "precision mediump float; uniform sampler2D ink; void main() { gl_FragColor = texture2D(ink, vec2(0.5)); }");
  program = glCreateProgram();
  glAttachShader(program, vertex);
  glAttachShader(program, fragment);
  glBindAttribLocation(program, 0, "at");
  glLinkProgram(program);
  glDeleteShader(vertex);
  glDeleteShader(fragment);
  GLint linked = 0;
  glGetProgramiv(program, GL_LINK_STATUS, &linked);
  glUseProgram(program);
  glEnableVertexAttribArray(0);
  glViewport(0, 0, SIZE, SIZE);
  return linked;
}

// Frame n paints cell n % 64 of a grid in a colour of its own.
static void draw(void) {
  unsigned slot = frame % ALIVE, cell = frame % (GRID * GRID);
  if (buffers[slot]) {
    glDeleteBuffers(1, &buffers[slot]);
    glDeleteTextures(1, &textures[slot]);
  }
  float x = (cell % GRID) * 2.0f / GRID - 1, y = (cell / GRID) * 2.0f / GRID - 1, d = 2.0f / GRID;
  const float corners[] = {x, y, x + d, y, x, y + d, x + d, y + d};
  unsigned hash = frame * 2654435761u;
  const unsigned char colour[] = {hash >> 24, hash >> 16, hash >> 8, 255};
  glGenBuffers(1, &buffers[slot]);
  glGenTextures(1, &textures[slot]);
  glBindBuffer(GL_ARRAY_BUFFER, buffers[slot]);
  glBufferData(GL_ARRAY_BUFFER, sizeof corners, corners, GL_STATIC_DRAW);
  glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, 0, 0);
  glBindTexture(GL_TEXTURE_2D, textures[slot]);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, 1, 1, 0, GL_RGBA, GL_UNSIGNED_BYTE, colour);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  // Every other frame draws with the objects of half a lap ago: a name that led to a newer object would show.
  if (frame % 2 && frame >= ALIVE) {
    glBindBuffer(GL_ARRAY_BUFFER, buffers[(frame + ALIVE / 2) % ALIVE]);
    glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, 0, 0);
    glBindTexture(GL_TEXTURE_2D, textures[(frame + ALIVE / 2) % ALIVE]);
  }
  glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
  if (buffers[slot] > highest) highest = buffers[slot];
  if (textures[slot] > highest) highest = textures[slot];
  frame++;
}

// Draws some frames; returns a checksum of the pixels after every 64th of all frames so far, or 0 after a GL error.
EMSCRIPTEN_KEEPALIVE unsigned frames(int count) {
  while (count-- > 0) {
    draw();
    if (frame % (GRID * GRID)) continue;
    glReadPixels(0, 0, SIZE, SIZE, GL_RGBA, GL_UNSIGNED_BYTE, pixels);
    for (unsigned i = 0; i < sizeof pixels; i++) checksum = (checksum ^ pixels[i]) * 16777619u;
  }
  return glGetError() == GL_NO_ERROR ? checksum : 0;
}

// Makes and deletes a buffer and a texture per frame, 100 of each alive, and draws nothing.
EMSCRIPTEN_KEEPALIVE void names_only(int count) {
  while (count-- > 0) {
    unsigned slot = frame++ % ALIVE;
    if (buffers[slot]) {
      glDeleteBuffers(1, &buffers[slot]);
      glDeleteTextures(1, &textures[slot]);
    }
    glGenBuffers(1, &buffers[slot]);
    glGenTextures(1, &textures[slot]);
    if (buffers[slot] > highest) highest = buffers[slot];
    if (textures[slot] > highest) highest = textures[slot];
  }
}

EMSCRIPTEN_KEEPALIVE unsigned highest_name(void) { return highest; }

int main(void) { return 0; }
